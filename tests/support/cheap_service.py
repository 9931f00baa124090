"""`sorterd --config FILE run [--once]` with the worker of `cheap_worker`: all else is the real service."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from sorterd import log
from sorterd.activity import log_activity
from sorterd.commands.failure import explained
from sorterd.config import Config, check_folders, load_config
from sorterd.daemon.app import RunOptions, open_app
from sorterd.daemon.service import run_service
from sorterd.log import get_logger
from sorterd.service.lock import StateLock
from sorterd.store.absent import KEPT_SECONDS
from support.service import program

CHEAP = program("support.cheap_service")
WORKER = program("support.cheap_worker")


def main() -> int:
    """Run the service. Return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("command", choices=["run"])
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--kept", type=float, default=KEPT_SECONDS, help="seconds that features outlive their video")
    options = parser.parse_args()
    with explained() as outcome:
        config = load_config(options.config)
        check_folders(config)
        log.configure(config.log.level, config.log.format, sys.stderr)
        (_once if options.once else _serve)(config, options.kept)
        outcome.code = 0
    return outcome.code


def _serve(config: Config, kept: float) -> None:
    run_service(config, RunOptions(worker=WORKER, kept=kept), log_activity)


def _once(config: Config, kept: float) -> None:
    log_line: Callable[[str], None] = lambda line: get_logger().info("worker", line=line)  # noqa: E731
    with (
        StateLock(config.state_dir),
        open_app(config, RunOptions(worker=WORKER, at_once=True, kept=kept), log_activity, log_line) as app,
    ):
        app.loop.run(until_idle=True)
