"""How the program was installed, so that a hint can name the command that changes that."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def how_to_remove(prefix: Path) -> str:
    """Return the command that removes the program from the environment at `prefix`, by who made that."""
    if _is_of_uv(prefix):
        return "uv tool uninstall sorterd"
    if _is_of_pipx(prefix):
        return "pipx uninstall sorterd"
    return f"{shlex.quote(sys.executable)} -m pip uninstall sorterd"


def how_to_add(requirement: str, prefix: Path) -> str:
    """Return the command that adds a package to the environment at `prefix`, by who made that."""
    if _is_of_uv(prefix):
        return f"uv pip install --python {shlex.quote(sys.executable)} {shlex.quote(requirement)}"
    if _is_of_pipx(prefix):
        return f"pipx inject sorterd {shlex.quote(requirement)}"
    return f"{shlex.quote(sys.executable)} -m pip install {shlex.quote(requirement)}"


def _is_of_uv(prefix: Path) -> bool:
    return (prefix / "uv-receipt.toml").exists()


def _is_of_pipx(prefix: Path) -> bool:
    return (prefix / "pipx_metadata.json").exists()
