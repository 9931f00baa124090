"""Load CUDA's matrix library in the version that CTranslate2 was built with.

CTranslate2 4 asks the dynamic linker for `libcublas.so.12` by name when it first multiplies on a card. torch now brings
version 13, and the linker does not look where pip installs packages. If the library is loaded by its path beforehand,
CTranslate2 finds it. It works beside torch's.
"""

from __future__ import annotations

import ctypes

from sorterd.features.packages import folder_of

PACKAGE = "nvidia.cublas"
"""The folder of the wheel nvidia-cublas-cu12; version 13 uses another one."""

LIBRARIES = ("libcublasLt.so.12", "libcublas.so.12")
"""The second needs the first."""


def preload() -> None:
    """Load the library from its package, if that is installed. Raise OSError if it cannot be loaded."""
    folder = folder_of(PACKAGE)
    if folder is None:  # the library may be installed in the system
        return
    for name in LIBRARIES:
        file = folder / "lib" / name
        if file.is_file():
            ctypes.CDLL(str(file), mode=ctypes.RTLD_GLOBAL)
