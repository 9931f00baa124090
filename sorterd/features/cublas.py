"""CUDA's matrix library in the version that CTranslate2 was built with.

CTranslate2 4 asks the dynamic linker for `libcublas.so.12` by name when it first multiplies on a card. torch brings
version 13 by now, and what pip installs lies where the linker does not look. Loaded by its path beforehand, it is
found, and gets along with torch's.
"""

from __future__ import annotations

import ctypes

from sorterd.features.packages import folder_of

PACKAGE = "nvidia.cublas"
"""Where the wheel nvidia-cublas-cu12 puts it; the one of version 13 lies elsewhere."""

LIBRARIES = ("libcublasLt.so.12", "libcublas.so.12")
"""The second needs the first."""


def preload() -> None:
    """Load it from its package if that is installed. Raise OSError if it is there and cannot be loaded."""
    folder = folder_of(PACKAGE)
    if folder is None:  # it may be installed in the system
        return
    for name in LIBRARIES:
        file = folder / "lib" / name
        if file.is_file():
            ctypes.CDLL(str(file), mode=ctypes.RTLD_GLOBAL)
