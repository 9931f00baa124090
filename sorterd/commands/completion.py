"""`completion`: the script that lets a shell complete what is typed."""

from __future__ import annotations

import argparse
from pathlib import Path

from sorterd.commands.failure import CommandFailed


def completion(options: argparse.Namespace) -> int:
    """Print the script for one shell."""
    try:
        import shtab
    except ImportError as error:
        raise CommandFailed("the package shtab is not installed; type: pip install shtab") from error
    parser: argparse.ArgumentParser = options.parser
    for command in (parser, *parser.commands.values()):  # type: ignore[attr-defined]
        for action in command._actions:
            if action.metavar in ("FOLDER", "DIR"):
                action.complete = shtab.DIRECTORY
            elif action.type is Path:
                action.complete = shtab.FILE
    print(shtab.complete(parser, options.shell))
    return 0
