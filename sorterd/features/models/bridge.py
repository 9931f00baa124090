"""The linear map from the packaged text tower's space into the packaged image tower's space.

The two were never trained together. With this map, category names can be compared with pictures: on 132 real clips in 8
categories the folder names alone were right for 55 % (chance: 12.5 %). It lies beside this file; `tools/make_bridge.py`
has computed it.
"""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from sorterd.features.models.hashes import verified

FILE = Path(__file__).with_name("bridge.safetensors")
SHA256 = "d729bb170085e2b51728b68361529084b359f6ec9ae73e9f7cc4c99a32ba9a25"


def read() -> Tensor:
    """Return the map [d, d_text]. Raise ModelsUnavailable if the file is missing or damaged."""
    return load_file(verified(FILE, SHA256))["bridge"].float()
