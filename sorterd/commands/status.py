"""`status`: what the service is doing, from its state folder and, if it runs, from itself."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from sorterd.commands.called import call
from sorterd.commands.context import asking, known, print_json
from sorterd.commands.failure import CommandFailed
from sorterd.config import Config
from sorterd.daemon.disk import disk_trouble
from sorterd.daemon.live import ask_live
from sorterd.daemon.status import status as document_of
from sorterd.library.places import Place, look_at
from sorterd.service.lock import holder

ANSWER_SECONDS = 5.0
WATCH_SECONDS = 2.0


def status(options: argparse.Namespace) -> int:
    """Print the status, as JSON or as text."""
    if options.watch and (options.json or not sys.stdout.isatty()):
        raise CommandFailed("--watch takes a terminal; for a script, ask for 'sorterd status --json' now and then")
    config, root = asking(options)
    document = read_status(config, root)
    if options.json:
        print_json(document)
        return 0
    from sorterd.report.console import console_for
    from sorterd.report.status_page import print_status

    console = console_for()
    while True:
        if options.watch:
            console.clear()
        print_status(document, console, verbose=options.verbose, called=call(options))
        if not options.watch:
            return 0
        try:
            time.sleep(WATCH_SECONDS)
            (root,) = look_at(config.videos)
            document = read_status(config, root)
        except KeyboardInterrupt:  # the way to end it
            return 0


def read_status(config: Config, root: Place) -> dict[str, Any]:
    """Return the status document of one library. `root` is the state of its folder of videos. Raise StoreError."""
    pid = holder(config.state_dir)
    with known(config) as store:
        live = None if pid is None else ask_live(config.state_dir, ANSWER_SECONDS)
        return document_of(config, store, live, pid, now=time.time(), disk=disk_trouble(store, root))
