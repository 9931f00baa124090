"""`worker`: this machine looks at the videos of another one."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
from pathlib import Path

from sorterd.commands.failure import CommandFailed
from sorterd.commands.sentences import say
from sorterd.config.home import state_home
from sorterd.service.lock import StateLock


def worker(options: argparse.Namespace) -> int:
    """Run until Ctrl-C. Raise CommandFailed if home gives no work to this machine."""
    try:
        from sorterd.pool.invitation import InvitationError, now_utc, read

        invitation = read(options.invitation, now=now_utc())
        from sorterd.pool import engine
        from sorterd.pool.machine.main import PoolMachine
    except ModuleNotFoundError as error:
        raise CommandFailed(f"this needs {error.name}: pip install 'sorterd[pool]'") from error
    except InvitationError as error:
        raise CommandFailed(str(error)) from error
    shared: Path | None = options.videos_here
    if shared is not None and not shared.is_dir():
        raise CommandFailed(f"{shared} is no folder: --videos names the same folder of videos as seen from here")
    folder = options.state or state_home() / "worker" / invitation.name
    engine.set_up()
    with StateLock(folder):
        _empty(folder)
        machine = PoolMachine(
            invitation,
            options.address or invitation.address,
            folder,
            shared.absolute() if shared else None,
            options.device,
            say=say,
            log=lambda line: print("worker:", line, file=sys.stderr, flush=True),
        )
        reason = asyncio.run(machine.run())
    if reason:
        raise CommandFailed(f"no work for this machine: {reason}")
    return 0


def _empty(folder: Path) -> None:
    """Remove what an earlier run left behind when it was killed."""
    for old in (*folder.glob("task-*"), folder / "dask-scratch-space"):
        shutil.rmtree(old, ignore_errors=True)
