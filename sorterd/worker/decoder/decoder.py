"""The worker's side of one decoder process."""

from __future__ import annotations

import os
import select
import socket
from contextlib import suppress

from sorterd.features.container import UnreadableVideo
from sorterd.features.preprocess import Preprocessed, PreprocessOptions
from sorterd.worker import wire
from sorterd.worker.decoder import shared
from sorterd.worker.decoder.fork_server import ForkServer
from sorterd.worker.decoder.messages import CLASSES, LIMIT, Decode, Decoded, Large, Undecodable
from sorterd.worker.host.process import describe_exit
from sorterd.worker.wire import WireError


class DecoderLost(Exception):
    """The process died, hung or sent an invalid answer. The message, such as "crashed (SIGSEGV)", says which."""


class LargePictures(Exception):
    """The file's pictures are so large that only one such file may be decoded at a time."""


class Decoder:
    """At most one process, started by the first file and by the first after each end. For one thread at a time.

    `seconds` is the time for one file.
    """

    def __init__(self, server: ForkServer, program: str, seconds: float) -> None:
        self._server = server
        self._program = program
        self._seconds = seconds
        self._process: tuple[int, socket.socket] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process, None if there is none."""
        return self._process[0] if self._process else None

    def start(self) -> None:
        """Start the process unless it runs, to have it ready for the first file."""
        if self._process is None:
            self._process = self._server.start(self._program)

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._end()

    def read(self, path: bytes, options: PreprocessOptions, *, large: bool = False) -> Preprocessed:
        """Return what the process reads from a file.

        Raise UnreadableVideo, LargePictures (not with `large`), or DecoderLost: then the process has ended, and the
        next file gets another.
        """
        if self._process is not None and select.select([self._process[1]], [], [], 0)[0]:
            self._end()  # it died while it had nothing to do, which is not this file's fault
        self.start()
        order = Decode(path, options, self._seconds, large)
        try:
            return self._ask(order)
        except WireError as error:
            self._end()
            raise DecoderLost(f"sent an invalid answer: {error}") from error

    def _ask(self, order: Decode) -> Preprocessed:
        assert self._process is not None
        channel = self._process[1]
        channel.settimeout(self._seconds)
        files: list[int] = []
        try:
            channel.send(wire.encode_body(order, LIMIT))
            body, files, _flags, _address = socket.recv_fds(channel, LIMIT, 1)
            if not body:
                raise DecoderLost(describe_exit(self._end(), ""))
            return _result(wire.decode_body(body, CLASSES, LIMIT), files, order)
        except TimeoutError as error:
            self._end()
            raise DecoderLost(f"gave no answer for {self._seconds:g} s") from error
        except ConnectionError as error:
            raise DecoderLost(describe_exit(self._end(), "")) from error
        finally:
            for file in files:
                os.close(file)

    def _end(self) -> int:
        assert self._process is not None
        pid, channel = self._process
        self._process = None
        channel.close()
        return self._server.end(pid)


def _result(answer: object, files: list[int], order: Decode) -> Preprocessed:
    match answer:
        case Decoded() if files:
            return shared.unpack(answer, files[0], order.options)
        case Undecodable():
            with suppress(UnicodeEncodeError):
                if len(answer.reason.encode()) <= LONGEST_REASON:
                    raise UnreadableVideo(answer.reason, transient=answer.transient, seems_whole=answer.seems_whole)
        case Large() if not order.large:
            raise LargePictures
    raise WireError(f"{type(answer).__name__} was not expected")


LONGEST_REASON = 1000  # bytes
