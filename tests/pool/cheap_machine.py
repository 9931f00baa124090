"""A machine whose models are a few lines: `cheap_machine.py INVITATION ADDRESS STATE [VIDEOS]`."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from support.service import program

from sorterd.pool import engine
from sorterd.pool.invitation import read
from sorterd.pool.machine.main import PoolMachine

WORKER = program("support.cheap_worker")


def main(invitation: str, address: str, state: str, videos: str = "") -> None:
    engine.set_up()
    machine = PoolMachine(
        read(Path(invitation), now=datetime.now(UTC)),
        address,
        Path(state),
        Path(videos) if videos else None,
        "cpu",
        say=lambda line: print(line, flush=True),
        log=lambda line: print(line, file=sys.stderr, flush=True),
        command=WORKER,
    )
    reason = asyncio.run(machine.run())
    if reason:
        raise SystemExit(reason)


if __name__ == "__main__":
    main(*sys.argv[1:])
