"""`status`: what the service is doing, from its state folder and, if it runs, from itself."""

from __future__ import annotations

import argparse
import time
from typing import Any

from sorterd.commands.called import call
from sorterd.commands.context import asking, known, print_json
from sorterd.config import Config
from sorterd.daemon.disk import disk_trouble
from sorterd.daemon.live import ask_live
from sorterd.daemon.status import status as document_of
from sorterd.library.places import Place
from sorterd.service.lock import holder

ANSWER_SECONDS = 5.0


def status(options: argparse.Namespace) -> int:
    """Print the status, as JSON or as text."""
    config, root = asking(options)
    document = read_status(config, root)
    if options.json:
        print_json(document)
    else:
        from sorterd.report.status_page import print_status

        print_status(document, verbose=options.verbose, called=call(options))
    return 0


def read_status(config: Config, root: Place) -> dict[str, Any]:
    """Return the status document of one library. `root` is the state of its folder of videos. Raise StoreError."""
    pid = holder(config.state_dir)
    store = known(config)
    try:
        live = None if pid is None else ask_live(config.state_dir, ANSWER_SECONDS)
        return document_of(config, store, live, pid, now=time.time(), disk=disk_trouble(store, root))
    finally:
        store.close()
