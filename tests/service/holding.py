"""Another process that holds a lock."""

import subprocess
import sys
from pathlib import Path

from sorterd.service.lock import StateLock
from sorterd.service.root_lock import RootLock

HOLD = """
import sys
from importlib import import_module
from pathlib import Path
module, lock, folder = sys.argv[1:]
with getattr(import_module(module), lock)(Path(folder)):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(lock: type[StateLock | RootLock], folder: Path) -> subprocess.Popen[str]:
    """Run a process that holds the lock until its stdin is closed, as at the end of a `with` statement."""
    command = [sys.executable, "-c", HOLD, lock.__module__, lock.__name__, str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process
