"""How sorterd was called, so that its hints repeat that and can be typed as they are."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from pathlib import Path


def program() -> str:
    """Return `sorterd` if the shell finds this program by that name, else the path to it."""
    here = Path(sys.argv[0])
    if here.name == "sorterd":
        found = shutil.which("sorterd")
        same = found is not None and os.path.realpath(found) == os.path.realpath(here)
        return "sorterd" if same else shlex.quote(sys.argv[0])
    if here.name == "__main__.py" and here.parent.name == "sorterd":
        return f"{shlex.quote(sys.executable)} -m sorterd"
    return "sorterd"


def call(options: argparse.Namespace, *, absolute: bool = False) -> str:
    """Return what to type before a command for this library. With `absolute` it works from any folder."""
    for flag in ("config", "videos"):
        path: Path | None = getattr(options, flag, None)
        if path is not None:
            return f"{program()} --{flag} {shlex.quote(str(path.absolute() if absolute else path))}"
    return program()
