"""The real worker on a machine with a graphics card, as a plain installation finds it: CTranslate2 loads there, and
misses cuBLAS at its first encode."""

from typing import Any

import ctranslate2
import torch

from sorterd.worker.child.main import main

Whisper = ctranslate2.models.Whisper


class WithoutCublas:
    """On the card: what was recorded there. On the processor: the model itself."""

    def __new__(cls, folder: str, *, device: str, compute_type: str) -> Any:
        if device == "cpu":
            return Whisper(folder, device=device, compute_type=compute_type)
        return super().__new__(cls)

    device, is_multilingual, n_mels = "cuda", True, 80

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def encode(self, _columns: Any) -> Any:
        raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")


ctranslate2.models.Whisper = WithoutCublas
torch.cuda.is_available = lambda: True
main()
