"""Decoders that do what their file is named after: real processes, started and confined as the worker's are."""

import ctypes
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sorterd.features.picture import PictureShape
from sorterd.features.preprocess import Preprocessed, PreprocessOptions
from sorterd.features.stills import Stills
from sorterd.worker.decoder import shared
from sorterd.worker.decoder.fork_server import Load
from sorterd.worker.decoder.messages import Decode, Large, Undecodable
from sorterd.worker.sandbox import seccomp

OPTIONS = PreprocessOptions(5, PictureShape(8), mels=80, stills=True)
FINE = Preprocessed(
    [np.full((8, 8, 3), n, np.uint8) for n in range(5)],
    [np.full((80, 300), 0.5, np.float32), np.full((80, 7), -0.5, np.float32)],
    "heard",
    complete=False,
    stills=Stills(),
)


def behave(order: Decode, fine: Preprocessed = FINE) -> tuple[Any, int | None]:
    """Answer, or not, as the path says."""
    match order.path:
        case b"crash":
            ctypes.string_at(0)
        case b"exit":
            os._exit(3)
        case b"hang":
            time.sleep(600)
        case b"leave":
            os.close(0)
            time.sleep(600)
        case b"raise":
            raise ValueError("an error in a decoder")
        case b"broken":
            return Undecodable("is broken", transient=False, seems_whole=True), None
        case b"long reason":
            return Undecodable("x" * 2000, transient=False, seems_whole=True), None
        case b"no text":
            return Undecodable("\ud800", transient=False, seems_whole=True), None
        case b"large" | b"always large":
            if not order.large or order.path == b"always large":
                return Large(), None
        case b"no memory file":
            return shared.pack(fine)[0], None
        case b"pipe":
            return shared.pack(fine)[0], os.pipe()[0]
        case b"unsealed":
            message, file = shared.pack(fine)
            size = os.fstat(file).st_size
            open_ = os.memfd_create("unsealed", os.MFD_ALLOW_SEALING)
            os.truncate(open_, size)
            return message, open_
        case b"short":
            message, _file = shared.pack(fine)
            return message, shared.pack(Preprocessed([], [], "none"))[1]
        case b"negative":
            return shared.pack(replace(fine, seconds=-1.0))
        case b"a job":
            return order, None
        case b"who":
            return Undecodable(str(os.getpid()), transient=False, seems_whole=False), None
    return shared.pack(fine)


def _load() -> Any:
    return _program


def _program() -> Any:
    seccomp.give_up_calls()
    return behave


PROGRAMS: Mapping[str, Load] = {"hostile": _load}
