"""`status`: what the service is doing, from its state folder and, if it runs, from itself."""

from __future__ import annotations

import argparse
import time
from typing import Any

from sorterd.commands.context import configured, print_json
from sorterd.config import Config
from sorterd.daemon.live import ask_live
from sorterd.daemon.status import status as document_of
from sorterd.service.lock import holder
from sorterd.store.store import Store

ANSWER_SECONDS = 5.0


def status(options: argparse.Namespace) -> int:
    """Print the status, as JSON or for people."""
    config = configured(options, quiet=True)
    document = read_status(config)
    if options.json:
        print_json(document)
    else:
        from sorterd.report.status_page import print_status

        print_status(document)
    return 0


def read_status(config: Config) -> dict[str, Any]:
    """The status document of one state folder. Raise StoreError."""
    pid = holder(config.state_dir)
    config.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store.open(config.state_dir)
    try:
        live = None if pid is None else ask_live(config.state_dir, ANSWER_SECONDS)
        return document_of(config, store, live, pid, now=time.time())
    finally:
        store.close()
