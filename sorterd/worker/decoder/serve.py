"""What a decoder's process does: take one order after the other from its socket, and answer each."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from sorterd.worker import wire
from sorterd.worker.sandbox import limits

if TYPE_CHECKING:
    from sorterd.worker.decoder.messages import Answer, Decode

Do = Callable[["Decode"], "tuple[Answer, int | None]"]
"""Does one order. Returns the answer, and the descriptor of a memory file that belongs to it."""

Program = Callable[[], Do]
"""Gives up all system calls that it does not need. Returns how an order is done."""

THREADS = 2
"""Of a decoder that may compute at a time: it decodes with one, and the voice detector has another."""


def serve(channel: socket.socket, program: Program) -> None:
    """Answer orders until the worker has ended."""
    from sorterd.worker.decoder.messages import CLASSES, LIMIT, Decode  # loads PyAV

    do = program()
    while body := channel.recv(LIMIT):
        order = wire.decode_body(body, CLASSES, LIMIT)
        assert isinstance(order, Decode)
        limits.limit_processor_time(order.seconds * THREADS)
        answer, file = do(order)
        message = wire.encode_body(answer, LIMIT)
        if file is None:
            channel.send(message)
        else:
            socket.send_fds(channel, [message], [file])
            os.close(file)
