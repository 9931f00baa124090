"""Arrays as a file that `torch.load` reads, read without torch, whose import takes seconds.

`torch.save` writes a zip archive: the numbers of each tensor as they lie in memory, uncompressed, as `data/0`, `data/1`
and so on, and a pickle with names and shapes. Here those are kept elsewhere, so that no pickle is ever loaded.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np

from sorterd.classifier.arrays import Floats

Shapes = Mapping[str, Sequence[int]]


def write_tensors(arrays: Mapping[str, Floats]) -> tuple[bytes, dict[str, list[int]]]:
    """Return the content of the file, and the shapes that `read_tensors` needs."""
    import torch

    whole = {name: np.array(array, dtype=np.float64, order="C") for name, array in arrays.items()}
    buffer = io.BytesIO()
    torch.save({name: torch.from_numpy(array) for name, array in whole.items()}, buffer)
    return buffer.getvalue(), {name: list(array.shape) for name, array in whole.items()}


def read_tensors(content: bytes, shapes: Shapes) -> dict[str, Floats]:
    """Return the arrays, float64. Raise ValueError, KeyError or BadZipFile if the file holds others."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (folder,) = {name.partition("/")[0] for name in archive.namelist()}
        return {
            name: np.frombuffer(archive.read(f"{folder}/data/{number}"), "<f8").reshape(shape)
            for number, (name, shape) in enumerate(shapes.items())
        }
