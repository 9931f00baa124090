"""Machines for the tests: whole ones in a process of their own, and peers that say what they like."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pool.conftest import NOW
from pool.talking import Home
from sorterd.pool.invitation import invite
from sorterd.pool.messages import FROM_MACHINE, LIMIT, Passed
from sorterd.worker import wire

TESTS = Path(__file__).parents[1]


def invitation(folder: Path, name: str, address: str) -> Path:
    """An invitation, in a file beside the state folder."""
    file = folder.parent / f"{name}.invitation"
    file.write_bytes(invite(folder, name, address, now=NOW, days=2))
    return file


@contextmanager
def machine(file: Path, address: str, state: Path, videos: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """A machine with cheap models."""
    place = TESTS / "pool" / "cheap_machine.py"
    command = [sys.executable, str(place), str(file), address, str(state), *([str(videos)] if videos else [])]
    environment = os.environ | {"PYTHONPATH": f"{TESTS}:{os.environ.get('PYTHONPATH', '')}"}
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(home: Home, number: int) -> Any:
    """Return the next message of a machine."""
    passed = home.heard(Passed, lambda message: message.machine == number)
    return wire.decode_body(passed.frame, FROM_MACHINE, LIMIT)


def fingerprint(content: bytes) -> str:
    """As the library computes it."""
    return blake2b(content, digest_size=16).hexdigest()
