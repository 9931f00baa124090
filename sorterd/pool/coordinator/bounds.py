"""Bound what a peer may make this process hold.

Dask takes a message of any length, and waits without end for a peer's handshake.
"""

from __future__ import annotations

import asyncio
from typing import Any

from distributed.comm import tcp
from distributed.comm.core import CommClosedError
from distributed.protocol import compression
from tornado.iostream import IOStream

from sorterd.pool.messages import LIMIT

MOST = 8 * LIMIT
"""Bytes of a message of Dask, which holds all frames that a machine has sent within some milliseconds."""

HANDSHAKE_SECONDS = 10.0
"""Until a peer must have shown its certificate. Before that, anybody may hold a connection open."""

_tcp: Any = tcp  # it does not export them
_read, _unpack, _shake = _tcp.read_bytes_rw, _tcp.unpack_frames, tcp.TLSListener._prepare_stream


def apply() -> None:
    """From now on take no longer messages in this process, none that unpack to more than was sent, and no late peer."""
    _tcp.read_bytes_rw = _read_bounded
    _tcp.unpack_frames = _unpack_whole
    for name in [name for name in compression.compressions if name]:
        del compression.compressions[name]
    _tcp.TLSListener._prepare_stream = shaken_in_time


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


async def shaken_in_time(listener: tcp.TLSListener, stream: IOStream, address: str) -> IOStream | None:
    """Return the stream after its handshake. None if that fails, or if the peer does not come to its end in time."""
    try:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            shaken: IOStream | None = await _shake(listener, stream, address)  # type: ignore[no-untyped-call]
            return shaken
    except TimeoutError:
        stream.close()
        return None
