"""`log`: the last moves, by sorterd and by command, with the numbers that `undo` takes."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import asdict
from difflib import get_close_matches

from sorterd.commands.called import call
from sorterd.commands.context import asking, known, named_folder, print_json
from sorterd.commands.look import look
from sorterd.report.console import console_for, print_note
from sorterd.report.moves_table import By, logged, moves_table
from sorterd.report.records import print_records
from sorterd.store.confirmations import confirmed
from sorterd.store.journal import Kind
from sorterd.text import as_called

LAST = 20
_KINDS: dict[By | None, tuple[Kind, ...]] = {
    None: ("sort", "file", "follow"),
    "sorterd": ("sort", "follow"),
    "you": ("file",),
}


def log(options: argparse.Namespace) -> int:
    """Print the last moves, newest first."""
    config, root = asking(options)
    folder = None if options.folder is None else named_folder(options.folder, config, root)
    look(config, root)
    count = options.last or (LAST if options.since is None else -1)
    with known(config) as store:
        accepted = confirmed(store.connection)
        entries = store.journal.made(count, kinds=_KINDS[options.by], since=options.since or 0.0, folder=folder)
        folders = store.files.folders()
        moves = [logged(entry, accepted) for entry in entries]
    if options.json:
        print_json([asdict(move) for move in moves])
        return 0
    console = console_for()
    if moves:
        print_records(console, moves_table(moves))
    hint = "'sorterd undo NUMBER' takes one back" if moves else _why_none(options, folder, folders)
    print_note(console, as_called(f"{hint}.", call(options)))
    return 0


def _why_none(options: argparse.Namespace, folder: str | None, folders: Collection[str]) -> str:
    """Return why no move is listed: none was made, or none fits what was asked for."""
    if folder is not None and folder not in folders:
        meant = get_close_matches(folder, list(folders), n=1)
        return f"There is no folder {folder}" + (f"; did you mean {meant[0]}" if meant else ", and no move into it")
    if folder is None and options.since is None and options.by is None:
        return "Nothing was moved"
    return "No move fits that"
