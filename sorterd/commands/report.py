"""`report`: everything worth knowing on one page for a browser, written whole or not at all."""

from __future__ import annotations

import argparse
import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sorterd.artifact_names import REPORT, artifacts_folder
from sorterd.artifacts import write_whole
from sorterd.commands.browser import folder_of_snap, opened_in_browser
from sorterd.commands.called import call
from sorterd.commands.context import asking, known, print_json
from sorterd.commands.failure import CommandFailed
from sorterd.commands.insight import read_card
from sorterd.commands.review import read_review
from sorterd.commands.status import read_status
from sorterd.config import Config
from sorterd.config.home import expanded
from sorterd.library.places import Place
from sorterd.pictures.files import poster_path
from sorterd.report.console import spinner
from sorterd.report.web.history import LAST
from sorterd.report.web.page import BEGINNING, Facts, page
from sorterd.text import printable


def report(options: argparse.Namespace) -> int:
    """Write the page and print its path."""
    config, root = asking(options)
    target = usual_target(config) if options.output is None else _target(options.output)
    if options.output is not None and not target.parent.is_dir():
        raise CommandFailed(f"{target} cannot be written: there is no folder {target.parent}")
    with spinner("Reading what is known"):
        write_report(config, root, call(options, absolute=True), target, with_captions=options.captions)
    if options.open and folder_of_snap(target.parent) is not None:
        raise CommandFailed(
            f"{target} is written, but your browser is a snap, which reads no hidden folders: "
            "'sorterd report --open --output FOLDER' writes it into another one"
        )
    shown = options.open and opened_in_browser(target)
    if options.json:
        print_json({"report": str(target)})
    else:
        print(f"{printable(str(target))} is written{'.' if shown else '; open it in a browser.'}")
    return 0


def write_report(
    config: Config, root: Place, command: str, target: Path | None = None, *, with_captions: bool = False
) -> Path:
    """Write the page and return its path, by default in the state folder. Raise CommandFailed.

    Captions are on it only if they are asked for.
    """
    target = target or usual_target(config)
    _refuse_to_replace(target)
    content = page(read_facts(config, root, command, with_captions=with_captions)).encode()
    try:
        write_whole(target, partial(_write, content))
    except OSError as error:
        raise CommandFailed(f"{target} cannot be written: {error.strerror}") from error
    return target


def usual_target(config: Config) -> Path:
    """Return where the page is written if nobody says where."""
    return artifacts_folder(config.state_dir) / REPORT


def read_facts(config: Config, root: Place, command: str, *, with_captions: bool = False) -> Facts:
    """Return what the page shows of this library. `command` is how sorterd is called for it. Raise StoreError."""
    status = read_status(config, root)
    inbox = read_review(config)
    try:
        card, no_card = read_card(config)[0], ""
    except CommandFailed as error:
        card, no_card = None, str(error)
    with known(config) as store:
        moves = store.journal.recent(-1)
        captions = store.captions.by_video() if with_captions else {}
        places = {move.fingerprint: store.files.places(move.fingerprint) for move in moves[:LAST]}
    not_looked_at = len(inbox.guessed) + len(inbox.unseen)
    return Facts(
        *(status, moves, card, no_card, config.move.threshold, inbox.undecided, not_looked_at, command),
        written=datetime.fromtimestamp(time.time()),
        places={content: files[0].path for content, files in places.items() if files},
        poster=partial(_poster, config.state_dir),
        to_move=inbox.sure,
        captions=captions,
    )


def _poster(state_dir: Path, fingerprint: str) -> bytes:
    try:
        return poster_path(state_dir, fingerprint).read_bytes()
    except (FileNotFoundError, ValueError):  # none is drawn yet, or the file is not read yet
        return b""


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _target(output: Path) -> Path:
    target = expanded(output)
    return target / REPORT if target.is_dir() else target


def _refuse_to_replace(target: Path) -> None:
    """Raise CommandFailed if the file exists and is not an earlier report."""
    try:
        with target.open("rb") as file:
            ours = file.read(len(BEGINNING)) == BEGINNING.encode()
    except FileNotFoundError:
        return
    except OSError as error:
        raise CommandFailed(f"{target} cannot be looked at: {error.strerror}") from error
    if not ours:
        raise CommandFailed(f"{target} is there already and is no report of sorterd: name another file")
