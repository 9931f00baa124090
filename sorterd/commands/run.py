"""`run`: the service in the foreground, or one pass over what is there."""

from __future__ import annotations

import argparse
from pathlib import Path

from sorterd.commands.context import configured, print_json, to_serve
from sorterd.commands.failure import FAILED, CommandFailed
from sorterd.config import Config
from sorterd.daemon.app import RunOptions
from sorterd.service.log_file import LogFile
from sorterd.text import counted


def run(options: argparse.Namespace) -> int:
    """Run the service until Ctrl-C or SIGTERM. With `--once`, run until nothing is left to do."""
    log_file = None if options.log_file is None else _log_file(options.log_file)
    config = configured(options, quiet=True) if options.once else to_serve(options)
    run_options = RunOptions(
        sorting="report" if options.dry_run else None,
        at_once=options.once,
        accept_missing=options.accept_missing,
    )
    return _once(config, run_options, options) if options.once else _service(config, run_options, options, log_file)


def _log_file(path: Path) -> LogFile:
    try:
        return LogFile(path)
    except OSError as error:
        raise CommandFailed(f"the log file {path} cannot be written: {error.strerror}") from error


def _service(config: Config, run_options: RunOptions, options: argparse.Namespace, log_file: LogFile | None) -> int:
    # Imported here, because `--once` needs neither, and the service must not import what `--once` needs.
    from sorterd.activity import ServiceLog
    from sorterd.daemon.service import run_service

    chores = () if log_file is None else (log_file.turn,)
    run_service(config, run_options, ServiceLog().write, lambda: to_serve(options, running=True), chores)
    return 0


def _once(config: Config, run_options: RunOptions, options: argparse.Namespace) -> int:
    from sorterd.commands.stages import decided_json, once
    from sorterd.report.console import console_for, print_note
    from sorterd.report.records import print_records
    from sorterd.report.screen import Screen, decision_table

    screen = Screen(console_for(json_wanted=options.json))
    with once(config, run_options, screen) as app:
        failures = app.store.features.failures()
        problems = app.loop.problems
        inbox = len(app.store.files.inbox())
        model = app.loop.pipeline.model
        growing = app.loop.sync.result.growing
    decisions = screen.decisions()
    if options.json:
        errors = [{"path": failure.path, "reason": failure.reason} for failure in failures]
        print_json(
            {
                "decisions": [decided_json(one) for one in decisions],
                "inbox": inbox,
                "errors": errors,
                "growing": list(growing),
                "problems": problems,
            }
        )
    else:
        if decisions:
            print_records(screen.console, decision_table(decisions, "What was decided"))
        if model is None and not problems:
            print_note(
                screen.console, "Nothing to learn from yet: put a few videos into folders named after what they show."
            )
        moved = sum(one.moved_to is not None for one in decisions)
        would_move = sum(one.would_move for one in decisions)
        done = [] if run_options.sorting == "report" else [f"{moved} moved"]
        done += [f"{would_move} would be moved"] if would_move or not done else []
        still = f" Still being written, and left for later: {counted(len(growing), 'file')}." if growing else ""
        print_note(
            screen.console, f"{', '.join(done)}, {inbox} in the inbox, {len(failures)} could not be read.{still}"
        )
    return FAILED if problems else 0
