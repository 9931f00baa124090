"""How sorterd was called, so that what it tells people to type is about the same library and can be typed as it is."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from pathlib import Path


def program() -> str:
    """`sorterd` where the shell finds this one under that name, else the way to it."""
    here = Path(sys.argv[0])
    if here.name == "sorterd":
        found = shutil.which("sorterd")
        same = found is not None and os.path.realpath(found) == os.path.realpath(here)
        return "sorterd" if same else shlex.quote(sys.argv[0])
    if here.name == "__main__.py" and here.parent.name == "sorterd":
        return f"{shlex.quote(sys.executable)} -m sorterd"
    return "sorterd"


def call(options: argparse.Namespace, *, absolute: bool = False) -> str:
    """What to type in front of a command for it to be about this library; `absolute`: from whatever folder."""
    for flag in ("config", "videos"):
        path: Path | None = getattr(options, flag, None)
        if path is not None:
            return f"{program()} --{flag} {shlex.quote(str(path.absolute() if absolute else path))}"
    return program()
