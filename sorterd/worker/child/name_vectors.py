"""Keep the text tower's vectors of folder names in a file: learning from a drag must not wait for the models."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from sorterd.artifacts import write_whole

_SEPARATORS = re.compile(r"[\s_.-]+")

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]


def name_vectors(names: Sequence[str], space: str, kept_in: Path, embed: Embed) -> Mapping[str, Vectors]:
    """Return the vector [d_text] of each folder name in this feature space. `embed` is called only with new names.

    Raise OSError if they cannot be written to `kept_in`.
    """
    known = _read(kept_in, space)
    new = [name for name in names if name not in known]
    if new:
        words = [_SEPARATORS.sub(" ", name).strip() or name for name in new]
        known |= dict(zip(new, embed(words), strict=True))
        kept = {name: known[name] for name in names}
        write_whole(
            kept_in,
            # Names as bytes: numpy cannot read names that are not valid UTF-8 in any other form.
            lambda file: np.savez(
                file,
                space=np.array(space),
                names=np.array([name.encode("utf-8", "surrogateescape").hex() for name in kept]),
                vectors=np.array(list(kept.values()), dtype=np.float32),
            ),
        )
    return {name: known[name] for name in names}


def _read(path: Path, space: str) -> dict[str, Vectors]:
    """Return the content of the file, or nothing if it is missing, damaged, or of another space."""
    try:
        with np.load(path, allow_pickle=False) as found:
            if str(found["space"]) != space:
                return {}
            names = [bytes.fromhex(str(name)).decode("utf-8", "surrogateescape") for name in found["names"]]
            return dict(zip(names, found["vectors"].astype(np.float32), strict=True))
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        return {}
