"""Compute the map between the packaged towers' spaces again: python -m tools.make_bridge

Ridge regression maps the text vector of each of the 1,000 ImageNet class names to that class's row of the image
classifier. It takes two seconds and prints the SHA-256 for `sorterd/features/models/bridge.py`.
"""

from __future__ import annotations

import torch
from safetensors.torch import save_file
from torch import Tensor

from sorterd.features.models import bridge, embedded
from sorterd.features.models.hashes import sha256

RIDGE = 1.0


def computed() -> Tensor:
    """Return the map [d, d_text]. Raise ModelsUnavailable."""
    from open_clip.zero_shot_metadata import IMAGENET_CLASSNAMES

    text, (tokenize, _) = embedded.text_tower()
    with torch.inference_mode():
        texts = torch.nn.functional.normalize(text(tokenize(list(IMAGENET_CLASSNAMES))), dim=-1)
    return ridge_map(texts, embedded.image_weights()["_fc.weight"])


def ridge_map(texts: Tensor, rows: Tensor, strength: float = RIDGE) -> Tensor:
    """Return the map [d, d_text] from unit text vectors [n, d_text] to classifier rows [n, d].

    The rows are centred: what all classes share distinguishes none of them.
    """
    x, y = texts.double(), (rows - rows.mean(0)).double()
    gram = x.T @ x + strength * torch.eye(x.shape[1], dtype=x.dtype)
    solved: Tensor = torch.linalg.solve(gram, x.T @ y)
    return solved.T.float()


if __name__ == "__main__":
    # Half precision is a thousand times finer than the map's own accuracy.
    save_file({"bridge": computed().half().contiguous()}, bridge.FILE)
    print(bridge.FILE, sha256(bridge.FILE))
