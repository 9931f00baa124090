"""The coordinator, which only the daemon starts: frames from the daemon go to machines, and theirs to the daemon.

It is confined like a worker, and more: it can read nothing but programs, and once it listens it can open no connection,
start nothing and signal nobody. What it says is checked like the answers of a worker.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import sorterd
from sorterd.pool import messages
from sorterd.pool.messages import LINK, LINK_LIMIT
from sorterd.pool_address import bracketed
from sorterd.worker import wire
from sorterd.worker.child.main import take_pipes
from sorterd.worker.sandbox import landlock, limits, seccomp

_CHUNK = 1 << 16


def main() -> None:
    """Serve until stdin ends."""
    limits.apply()
    down, up = take_pipes()
    frames = wire.Frames(LINK_LIMIT, LINK)
    first = next(_read(down, frames))
    assert isinstance(first, messages.Open)
    os.environ["TMPDIR"] = os.fsdecode(first.scratch)
    from sorterd.pool import engine

    engine.set_up()
    landlock.confine([Path(os.fsdecode(first.scratch))], programs())  # before there are threads
    asyncio.run(_serve(first, down, up, frames))


def programs() -> list[Path]:
    """Return the folders that hold programs and libraries."""
    places = [sys.prefix, sys.base_prefix, *filter(os.path.isdir, sys.path), "/usr", "/lib", "/lib64", "/etc"]
    ours = Path(sorterd.__file__).parent  # of an editable installation, `sys.path` does not name it
    return [ours, *(Path(place) for place in dict.fromkeys(places))]


def _read(fd: int, frames: wire.Frames) -> Iterator[messages.LinkMessage]:
    """Yield what the daemon says, and end this process when the daemon has ended."""
    while data := os.read(fd, _CHUNK):
        yield from frames.feed(data)
    os._exit(0)


async def _serve(first: messages.Open, down: int, up: int, frames: wire.Frames) -> None:
    from sorterd.pool import engine
    from sorterd.pool.coordinator import bounds
    from sorterd.pool.coordinator.scheduler import PoolScheduler

    def tell(message: messages.LinkMessage) -> None:
        wire.write_all(up, wire.framed(wire.encode_body(message, LINK_LIMIT)))

    bounds.apply(lambda peer, reason: tell(messages.Stranger(peer[:100], reason[:500])))
    security = engine.security(first.identity, first.machines)
    try:
        scheduler = await PoolScheduler(
            tell,
            ttl=first.ttl,
            security=security,
            protocol="tls",
            host=bracketed(first.host or "0.0.0.0"),
            port=first.port,
            local_directory=os.fsdecode(first.scratch),
        )
    except OSError as error:
        tell(messages.Failed(error.strerror or str(error)))
        return
    tell(messages.Listening(scheduler.port))
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    closing: set[asyncio.Task[None]] = set()

    def hear() -> None:
        data = os.read(down, _CHUNK)
        if not data:
            os._exit(0)
        for message in frames.feed(data):
            match message:
                case messages.Passed(machine, frame):
                    scheduler.send(machine, frame)
                case messages.Disconnect(machine, last):
                    task = asyncio.ensure_future(scheduler.disconnect(machine, last))
                    closing.add(task)
                    task.add_done_callback(closing.discard)

    asyncio.get_running_loop().add_reader(down, hear)
    seccomp.give_up_calls()
    await ended


if __name__ == "__main__":
    main()
