"""The linear map from the packaged text tower's space into the packaged image tower's space.

The two were never trained together. Ridge regression maps the text vector of each of the 1,000 ImageNet class names to
that class's row of the image classifier. Category names can then be compared with pictures: on 132 real clips in 8
categories the folder names alone were right for 55 % (chance: 12.5 %).

The map is computed once, in two seconds, and lies beside this file:

    python -m sorterd.features.models.bridge        computes it again and prints its SHA-256
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from sorterd.features.models.hashes import sha256, verified

FILE = Path(__file__).with_name("bridge.safetensors")
SHA256 = "d729bb170085e2b51728b68361529084b359f6ec9ae73e9f7cc4c99a32ba9a25"
RIDGE = 1.0


def read() -> Tensor:
    """Return the map [d, d_text]. Raise ModelsUnavailable if the file is missing or damaged."""
    return load_file(verified(FILE, SHA256))["bridge"].float()


def made(texts: Callable[[Sequence[str]], Tensor], rows: Tensor) -> Tensor:
    """Compute the map, given the text tower (n texts -> unit vectors) and the rows of the image classifier."""
    from open_clip.zero_shot_metadata import IMAGENET_CLASSNAMES

    return ridge_map(texts(IMAGENET_CLASSNAMES), rows)


def ridge_map(texts: Tensor, rows: Tensor, strength: float = RIDGE) -> Tensor:
    """Return the map [d, d_text] from unit text vectors [n, d_text] to classifier rows [n, d].

    The rows are centred: what all classes share distinguishes none of them.
    """
    x, y = texts.double(), (rows - rows.mean(0)).double()
    gram = x.T @ x + strength * torch.eye(x.shape[1], dtype=x.dtype)
    solved: Tensor = torch.linalg.solve(gram, x.T @ y)
    return solved.T.float()


def main() -> None:
    """Write the map in half precision, which is a thousand times finer than its own accuracy."""
    from sorterd.features.models import embedded

    save_file({"bridge": made(embedded.plain_texts, embedded.image_classifier()).half().contiguous()}, FILE)
    print(FILE, sha256(FILE))


if __name__ == "__main__":
    main()
