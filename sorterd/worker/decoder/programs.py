"""What processes of the fork server do: preprocess files, or decode pictures by decord.

Light: the worker imports it at its start. All else is imported in the processes that need it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sorterd.worker.decoder.fork_server import Load
from sorterd.worker.decoder.serve import Do, Program
from sorterd.worker.sandbox import seccomp

if TYPE_CHECKING:
    from sorterd.worker.decoder.messages import Answer, Decode

NO_MEMORY = "needs more memory to decode than there is"


class _IsLarge(Exception):
    pass


def _load_preprocess() -> Program:
    # onnxruntime and its threads come later, in each process: a process with threads should not fork.
    import sorterd.features.preprocess
    import sorterd.features.voice  # noqa: F401

    return _preprocess


def _preprocess() -> Do:
    seccomp.give_up_calls()
    return do_preprocess


def do_preprocess(order: Decode) -> tuple[Answer, int | None]:
    """Read one file with the decoder of the first choice."""
    from sorterd.features import memory
    from sorterd.features.container import UnreadableVideo
    from sorterd.features.preprocess import preprocess
    from sorterd.worker.decoder import shared
    from sorterd.worker.decoder.messages import Large, Undecodable

    @contextmanager
    def alone() -> Iterator[None]:
        if not order.large:
            raise _IsLarge
        try:
            yield
        finally:
            memory.give_back()

    try:
        return shared.pack(preprocess(order.path, order.options, alone))
    except _IsLarge:
        return Large(), None
    except UnreadableVideo as error:
        return Undecodable(error.reason, error.transient, error.seems_whole), None
    except MemoryError:
        return Undecodable(NO_MEMORY, transient=True, seems_whole=False), None


def _load_decord() -> Program:
    return _decord  # decord itself comes later: it is for one file, and may do anything


def _decord() -> Do:
    import decord  # noqa: F401 - before its process gives up calls that loading it needs

    seccomp.give_up_calls()
    return _do_decord


def _do_decord(order: Decode) -> tuple[Answer, int | None]:
    from sorterd.features.container import UnreadableVideo
    from sorterd.features.frames_decord import sample_by_decord
    from sorterd.features.preprocess import Preprocessed
    from sorterd.worker.decoder import shared
    from sorterd.worker.decoder.messages import Undecodable

    try:
        pictures = sample_by_decord(order.path, order.options.frames, order.options.shape)
    except UnreadableVideo as error:
        return Undecodable(error.reason, error.transient, error.seems_whole), None
    return shared.pack(Preprocessed(pictures, [], "none"))


PREPROCESS, DECORD = "preprocess", "decord"
PROGRAMS: Mapping[str, Load] = {PREPROCESS: _load_preprocess, DECORD: _load_decord}
