"""Bound what a peer may make this process hold.

Dask takes a message of any length, and waits without end for a peer's handshake.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakSet

from distributed.comm import tcp
from distributed.comm.core import CommClosedError
from distributed.protocol import compression
from tornado.iostream import IOStream

from sorterd.pool.messages import LIMIT

MOST = 8 * LIMIT
"""Bytes of a message of Dask, which holds all frames that a machine has sent within some milliseconds."""

HANDSHAKE_SECONDS = 10.0
"""Until a peer must have shown its certificate. Before that, anybody may hold a connection open."""

HANDSHAKES = 200
"""At the same time. A process may have 1,024 files open."""

CONNECTIONS = 8
"""Of one machine at the same time, each of which may hold a message. A machine needs three: its own, one for
heartbeats, and one to see whether it is trusted. Those of a network that was cut a moment ago count, too."""

_tcp: Any = tcp  # it does not export them
_read, _unpack = _tcp.read_bytes_rw, _tcp.unpack_frames


def apply(refused: Callable[[str, str], None]) -> None:
    """From now on take no longer messages in this process, none that unpack to more than was sent, and no late peer.

    `refused` is called with the address of a peer whose certificate is not accepted, and the reason.
    """
    _tcp.read_bytes_rw = _read_bounded
    _tcp.unpack_frames = _unpack_whole
    for name in [name for name in compression.compressions if name]:
        del compression.compressions[name]
    _tcp.TLSListener._prepare_stream = bounded_handshakes(refused)


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


def bounded_handshakes(
    refused: Callable[[str, str], None],
) -> Callable[[tcp.TLSListener, IOStream, str], Awaitable[IOStream | None]]:
    """Return what takes a stream that was opened, and returns it after its handshake.

    None, and the stream is closed, if that fails or does not end in time, or if there are too many.
    """
    shaking: set[IOStream] = set()
    held: defaultdict[bytes, WeakSet[IOStream]] = defaultdict(WeakSet)  # by the certificate that was shown

    async def shake(_listener: tcp.TLSListener, stream: IOStream, peer: str) -> IOStream | None:
        if len(shaking) < HANDSHAKES:
            shaking.add(stream)
            try:
                async with asyncio.timeout(HANDSHAKE_SECONDS):
                    await stream.wait_for_handshake()  # type: ignore[attr-defined]
                shown: bytes = stream.socket.getpeercert(binary_form=True)  # type: ignore[attr-defined]
                if sum(not other.closed() for other in held[shown]) < CONNECTIONS:
                    held[shown].add(stream)
                    return stream
            except TimeoutError:
                pass
            except OSError as error:
                refused(peer, str(getattr(error, "real_error", None) or error))
            finally:
                shaking.discard(stream)
        stream.close()
        return None

    return shake
