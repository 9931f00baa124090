"""Errors of the graphics card, whichever video it was working on.

They are raised where torch and CTranslate2 are called, and recognised by that place, not by their text. We made all the
arrays that go in, so an error that comes out on a card and not on the CPU comes from the card, its driver, its
libraries or its memory. There are hundreds of texts for that (CUDA, cuBLAS, cuDNN, NVRTC, Thrust, the driver, the
dynamic linker), and they change with each version. If the card was not the cause, the CPU raises the same error, which
is then reported as it is.

This module is light: the daemon and the doctor import it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sorterd.features.settings import Part

_KINDS = (RuntimeError, ValueError, OSError, AssertionError)
"""What the libraries raise. torch's own errors are RuntimeErrors, except DeferredCudaCallError. CTranslate2 raises
ValueError for a precision that the card cannot do, torch AssertionError if it was built without CUDA, the dynamic
linker OSError."""

_LONGEST = 150

SHORT_OF_MEMORY = ("out of memory", "ALLOC_FAILED", "ALLOCATION_FAILED", "bad_alloc")
ADVICE = (
    (("libcublas", "libcudnn", "libcudart"), "pip install 'sorterd[cuda]' brings what is missing"),
    (("driver version is insufficient", "driver on your system is too old"), "a newer NVIDIA driver may help"),
    (("no kernel image",), "the installed libraries do not know this card"),
    (SHORT_OF_MEMORY, "its memory is full; the next start tries again"),
)
"""What to do about it, by words in the text (ctranslate2 src/cuda/utils.h, c10/cuda/CUDAFunctions.cpp). Only advice
depends on these words."""


class DeviceFailed(Exception):
    """The graphics card refused `part`. The message is the library's own, on one line."""

    def __init__(self, part: Part, reason: str) -> None:
        super().__init__(reason)
        self.part: Part = part

    @property
    def short_of_memory(self) -> bool:
        """Return whether smaller batches might work."""
        return any(mark in str(self) for mark in SHORT_OF_MEMORY)


@contextmanager
def on_device(device: str, part: Part) -> Iterator[None]:
    """Run the block, in which a library does `part` on `device` ("cpu" or "cuda").

    Raise DeviceFailed for errors on a card.
    """
    try:
        yield
    except Exception as error:
        if device != "cuda" or not (isinstance(error, _KINDS) or _is_torchs(error)):
            raise
        raise DeviceFailed(part, one_line(error)) from error


def advice(reason: str) -> str:
    """Return what to do about a refusal, or "" if nothing is known."""
    return next((remedy for marks, remedy in ADVICE if any(mark in reason for mark in marks)), "")


def one_line(error: Exception) -> str:
    """Return a library's message as whole sentences on one short line, without its notes on debugging."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = lines[0].strip()
    return line if len(line) <= _LONGEST else line[:_LONGEST].rpartition(". ")[0] or line[:_LONGEST]


def _is_torchs(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] == "torch"
