"""The connection of a machine to home, as a worker of Dask that runs nothing for Dask."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

from distributed import Worker
from distributed.security import Security

from sorterd.pool.engine import OP
from sorterd.pool_address import split

_SECONDS = 10.0
_MOVED = " (has it another address now? 'sorterd worker ADDRESS --invitation FILE')"


class Unreachable(Exception):
    """Home cannot be reached now. The message says why."""


class NotTrusted(Exception):
    """One side does not accept the other's certificate. The message says which and what to do."""


class PoolWorker(Worker):
    """A worker that offers nothing to anybody, and takes only our own frames from home: `take` gets them."""

    def __init__(self, address: str, security: Security, folder: Path, take: Callable[[bytes], None]) -> None:
        super().__init__(
            address,
            nthreads=1,
            memory_limit=0,
            extensions={},
            security=security,
            local_directory=str(folder),
            deserialize=False,
        )

        def came(frame: object, **_: object) -> None:
            if isinstance(frame, bytes):
                take(frame)

        self.handlers = {}
        self.stream_handlers = {name: self.stream_handlers[name] for name in ("close", "remove-worker")} | {OP: came}

    def start_http_server(self, *_arguments: Any, **_named: Any) -> None:
        """Serve no page: it would need no certificate."""

    def send(self, frame: bytes) -> None:
        """Send a frame to home."""
        self.batched_send({"op": OP, "frame": frame})


async def check_trust(address: str, context: ssl.SSLContext) -> None:
    """Connect once, so that what is wrong can be said in a sentence; Dask would only try again.

    Raise Unreachable or NotTrusted.
    """
    host, port = split(address)
    try:
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname="")
            try:
                first = await reader.read(1)  # with TLS 1.3 home refuses a certificate only after the handshake
            finally:
                writer.transport.abort()
    except ssl.SSLCertVerificationError as error:
        raise NotTrusted(
            f"the computer at {address} is not the one that this invitation comes from ({error.verify_message}); "
            "is the address right? Was 'sorterd pool init' typed again there? Then it needs a new invitation"
        ) from error
    except ssl.SSLError as error:
        raise NotTrusted(
            f"the computer at {address} does not accept this invitation ({(error.reason or str(error)).lower()}); "
            "invite this machine again there: 'sorterd pool invite NAME'; are the clocks of both right?"
        ) from error
    except TimeoutError as error:
        raise Unreachable(f"no answer from {address} within {_SECONDS:g} s{_MOVED}") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or error
        raise Unreachable(f"{address} cannot be reached: {reason}{_MOVED}") from error
    if not first:
        raise Unreachable(f"{address} closed the connection")
