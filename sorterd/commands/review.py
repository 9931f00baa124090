"""`review`: the videos in the inbox that wait for the user. Those whose label would teach most come first."""

from __future__ import annotations

import argparse
from pathlib import Path

from sorterd.commands.called import call
from sorterd.commands.context import asking, known, print_json
from sorterd.commands.failure import CommandFailed
from sorterd.commands.look import look
from sorterd.config import Config
from sorterd.daemon.status import inbox_of
from sorterd.sorting.inbox_decisions import InboxDecision
from sorterd.sorting.undecided import Undecided
from sorterd.text import as_called, shell_word

LISTED = 20


def review(options: argparse.Namespace) -> int:
    """Print each undecided video with its top 3 and why it was not moved."""
    if options.web:
        from sorterd.commands.review_page import review_page

        return review_page(options)
    if options.port is not None or options.no_open or options.while_used:
        raise CommandFailed("--port, --no-open and --while-used are about the page: add --web")
    config, root = asking(options)
    look(config, root)
    found = read_review(config)
    waiting, unseen = [*found.undecided, *found.guessed], len(found.guessed) + len(found.unseen)
    if options.json:
        print_json([one.as_json() for one in waiting])
        return 0
    from sorterd.report.console import console_for, print_note
    from sorterd.report.records import print_records
    from sorterd.report.review_table import review_table

    console = console_for()
    if waiting:
        print_records(console, review_table(waiting, call(options)))
    note = f"; {unseen:,} more in the inbox {'is' if unseen == 1 else 'are'} not looked at yet" if unseen else ""
    note += f" ({len(found.guessed):,} of them with a first guess)" if found.guessed else ""
    how = " To decide, drag a video into a folder, type 'sorterd review --web', or one of these:" if waiting else ""
    print_note(console, as_called(f"{len(found.undecided):,} undecided{note}.{how}", call(options)))
    for one in waiting[:LISTED]:
        print_note(console, f"  {to_file(one, config.videos, call(options))}")
    if len(waiting) > LISTED:
        print_note(console, f"  (and so on, for {len(waiting) - LISTED:,} more)")
    return 0


def to_file(one: InboxDecision, videos: Path, called: str) -> str:
    """Return the command that files a video where the model would put it, to be pasted into a shell in any folder."""
    folder = one.prediction.folder
    if folder.startswith("-"):  # a name alone would be taken for an option
        folder = f"{videos}/{folder}"
    return f"{called} file {shell_word(f'{videos}/{one.file.path}')} {shell_word(folder) if folder else 'FOLDER'}"


def read_review(config: Config) -> Undecided:
    """Return the inbox by what becomes of it. Raise StoreError."""
    with known(config) as store:
        return inbox_of(config, store)
