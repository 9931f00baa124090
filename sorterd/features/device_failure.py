"""A graphics card that will not do what it is asked for, whichever video it is asked about.

Raised at the border to torch and CTranslate2, and told by the place, not by the words: what goes in there are arrays
that we made, so an error that comes out on a card and not on the CPU is the card's, its driver's, its libraries' or its
memory's. There are hundreds of texts for that (CUDA, cuBLAS, cuDNN, NVRTC, Thrust, the driver, the dynamic linker), and
each version has others. If it was not the card, the CPU raises the same error, and that is then taken for what it is.

Light: the daemon and the doctor read it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sorterd.features.settings import Part

_KINDS = (RuntimeError, ValueError, OSError, AssertionError)
"""What the libraries raise: torch's own errors are RuntimeErrors but for one (DeferredCudaCallError), CTranslate2 has
ValueError for a precision that the card cannot do, torch AssertionError where it was built without CUDA, the dynamic
linker OSError."""

_LONGEST = 150

SHORT_OF_MEMORY = ("out of memory", "ALLOC_FAILED", "ALLOCATION_FAILED", "bad_alloc")
ADVICE = (
    (("libcublas", "libcudnn", "libcudart"), "pip install 'sorterd[cuda]' brings what is missing"),
    (("driver version is insufficient", "driver on your system is too old"), "a newer NVIDIA driver may help"),
    (("no kernel image",), "the installed libraries do not know this card"),
    (SHORT_OF_MEMORY, "its memory is full; the next start tries again"),
)
"""What to do about it, by what stands in the text (ctranslate2 src/cuda/utils.h, c10/cuda/CUDAFunctions.cpp). Only
advice depends on these words."""


class DeviceFailed(Exception):
    """The graphics card refused `part`; the message is the library's own, on one line."""

    def __init__(self, part: Part, reason: str) -> None:
        super().__init__(reason)
        self.part: Part = part

    @property
    def short_of_memory(self) -> bool:
        """Whether smaller batches might do."""
        return any(mark in str(self) for mark in SHORT_OF_MEMORY)


@contextmanager
def on_device(device: str, part: Part) -> Iterator[None]:
    """Within this block a library is asked to do `part` on `device` ("cpu" or "cuda"). Raise DeviceFailed for what it
    raises on a card."""
    try:
        yield
    except Exception as error:
        if device != "cuda" or not (isinstance(error, _KINDS) or _is_torchs(error)):
            raise
        raise DeviceFailed(part, one_line(error)) from error


def advice(reason: str) -> str:
    """What to do about a refusal, or "" if nothing is known."""
    return next((remedy for marks, remedy in ADVICE if any(mark in reason for mark in marks)), "")


def one_line(error: Exception) -> str:
    """What a library says, on one line of whole sentences and not too long: what follows is about debugging."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = lines[0].strip()
    return line if len(line) <= _LONGEST else line[:_LONGEST].rpartition(". ")[0] or line[:_LONGEST]


def _is_torchs(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] == "torch"
