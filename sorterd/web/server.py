"""The server of the page: its socket, its thread, its address."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

GRACE_SECONDS = 2  # for answers that are under way at the end: a player holds its connection open for long


class CannotListen(Exception):
    """The address cannot be used. The message says why and what to do."""


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections at this address. Port 0 is any free one. Raise CannotListen."""
    try:
        (family, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        opened = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # the latter: no name of a computer looks like that
        raise CannotListen(f"{host} cannot be listened at: set web.listen to an address of this computer") from error
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(128)
    except OSError as error:
        opened.close()
        remedy = (
            "name another --port, or none for any that is free"
            if port
            else "set web.listen to an address of this computer"
        )
        raise CannotListen(f"{host} port {port} cannot be listened at ({error.strerror}): {remedy}") from error
    return opened


@contextmanager
def serving(app: ASGIApp, opened: socket.socket, certificate: Path | None = None) -> Iterator[Callable[[], int]]:
    """Answer requests in another thread until the end of the block, by TLS if there is a certificate (PEM and key).

    Yield what tells how many requests have come. uvicorn logs none of them: the first address holds the token.
    """
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    config.load()
    if certificate is not None:
        config.ssl = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        config.ssl.load_cert_chain(certificate)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=([opened],), name="page", daemon=True)
    thread.start()
    try:
        yield lambda: server.server_state.total_requests
    finally:
        log = logging.getLogger("uvicorn.error")
        level = log.level
        log.setLevel(logging.CRITICAL)  # it logs each answer that is cut off now, with a traceback
        server.should_exit = True
        thread.join(2 * GRACE_SECONDS)
        log.setLevel(level)
        opened.close()
