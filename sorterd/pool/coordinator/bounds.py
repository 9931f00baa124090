"""Bound what one message of a machine may make this process hold: Dask takes any length that a peer names."""

from __future__ import annotations

from typing import Any

from distributed.comm import tcp
from distributed.comm.core import CommClosedError
from distributed.protocol import compression
from tornado.iostream import IOStream

from sorterd.pool.messages import LIMIT

MOST = 8 * LIMIT
"""Bytes of a message of Dask, which holds all frames that a machine has sent within some milliseconds."""

_tcp: Any = tcp  # it does not export them
_read, _unpack = _tcp.read_bytes_rw, _tcp.unpack_frames


def apply() -> None:
    """Take no longer messages in this process from now on, and none that is unpacked to more than was sent."""
    _tcp.read_bytes_rw = _read_bounded
    _tcp.unpack_frames = _unpack_whole
    for name in [name for name in compression.compressions if name]:
        del compression.compressions[name]


async def _read_bounded(stream: IOStream, n: int) -> memoryview:
    if n > MOST:
        raise CommClosedError(f"a message of {n:,} bytes")
    whole: memoryview = await _read(stream, n)
    return whole


def _unpack_whole(message: Any, **how: Any) -> Any:
    found = _unpack(message, **how)
    if how.get("partial") and found[1]:
        raise CommClosedError("a message in several parts")
    return found
