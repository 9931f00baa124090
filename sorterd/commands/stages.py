"""`extract`, `train`, `predict`: the stages by hand. The loop of the service with fewer stages, until it is idle."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sorterd.activity import Decided, TrainingEnded
from sorterd.commands.context import configured, print_json
from sorterd.commands.failure import FAILED, CommandFailed
from sorterd.config import Config
from sorterd.daemon.app import App, RunOptions, open_app
from sorterd.log import get_logger
from sorterd.prediction import as_json
from sorterd.report.console import console_for, print_note
from sorterd.report.records import print_records
from sorterd.report.screen import Screen, decision_table
from sorterd.service.lock import StateLock
from sorterd.store.settings import TRAINING
from sorterd.text import counted

PATIENCE = 60.0  # seconds, for files that still grow and for a disk that is being mounted


def extract(options: argparse.Namespace) -> int:
    """Extract the features of every video that has none."""
    config = configured(options, quiet=True)
    screen = Screen(console_for(json_wanted=options.json))
    run_options = RunOptions(stages=frozenset({"read", "extract", "export"}), sorting="nothing", at_once=True)
    with once(config, run_options, screen) as app:
        failures = app.store.features.failures()
        done = app.loop.pipeline.progress.done
        waiting = app.store.features.pending(app.loop.pipeline.space.id if app.loop.pipeline.space else "")
        problems = app.loop.problems
    if options.json:
        errors = [{"path": failure.path, "reason": failure.reason} for failure in failures]
        print_json({"extracted": done, "pending": waiting, "errors": errors, "problems": problems})
    else:
        screen.console.print(f"{counted(done, 'video')} extracted, {len(failures):,} could not be, {waiting:,} left.")
    return _ended(problems)


def train(options: argparse.Namespace) -> int:
    """Train from scratch on what is filed and extracted."""
    config = configured(options, quiet=True)
    screen = Screen(console_for(json_wanted=options.json))
    run_options = RunOptions(stages=frozenset({"train"}), sorting="nothing", at_once=True, again=True)
    with once(config, run_options, screen) as app:
        model, problems = app.loop.pipeline.model, app.loop.problems
        labelled, training = len(app.store.files.labels()), app.store.notes.get(TRAINING)
    learned = [activity for activity in screen.activities if isinstance(activity, TrainingEnded)]
    if not learned and not problems:
        raise CommandFailed(_nothing_to_learn(labelled))
    if options.json:
        print_json({"model": model, "reason": training and training["reason"], "problems": problems})
    return _ended(problems)


def predict(options: argparse.Namespace) -> int:
    """Say where the inbox videos belong. With `--move`, also move them."""
    config = configured(options, quiet=True)
    screen = Screen(console_for(json_wanted=options.json))
    run_options = RunOptions(
        stages=frozenset({"predict"}),
        sorting="move" if options.move else "report",
        threshold=options.threshold,
        top_k=options.top_k,
        at_once=True,
        again=True,
    )
    with once(config, run_options, screen) as app:
        model, problems = app.loop.pipeline.model, app.loop.problems
    if model is None and not problems:
        raise CommandFailed("there is no model yet: file a few videos, then type 'sorterd extract' and 'sorterd train'")
    decisions = screen.decisions()
    if options.json:
        print_json([decided_json(one) for one in decisions])
    elif decisions:
        print_records(screen.console, decision_table(decisions, "Inbox"))
    elif not problems:
        print_note(screen.console, "There is no extracted video in the inbox.")
    return _ended(problems)


@contextmanager
def prepared(config: Config, run_options: RunOptions, screen: Screen) -> Iterator[App]:
    """An app for this process alone, that tells the screen, and says on Ctrl-C what has become of the work."""
    try:
        log = get_logger()
        with (
            StateLock(config.state_dir),
            open_app(config, run_options, screen.report, lambda line: log.debug("worker", line=line)) as app,
        ):
            yield app
    except KeyboardInterrupt:
        raise KeyboardInterrupt("what was done so far is kept") from None


@contextmanager
def once(config: Config, run_options: RunOptions, screen: Screen) -> Iterator[App]:
    """Run the loop until it is idle, then hand out the app, before it is closed."""
    with prepared(config, run_options, screen) as app:
        with screen:
            app.loop.run(until_idle=True, patience=PATIENCE)
        app.publisher.publish()
        yield app


def _nothing_to_learn(labelled: int) -> str:
    if labelled == 0:
        return "there is nothing to learn from: put a few videos into sub-folders named after what they show"
    if labelled == 1:
        return "the one filed video has no features yet: type 'sorterd extract' first"
    return f"none of the {labelled:,} filed videos has features yet: type 'sorterd extract' first"


def decided_json(one: Decided) -> dict[str, Any]:
    """One decision in the words of `predictions.json`, with the new place of what was moved."""
    decision = "move" if one.moved_to or one.would_move else "inbox"
    return as_json(one.path, one.prediction, decision, one.reason, moved_to=one.moved_to)


def _ended(problems: list[str]) -> int:
    return FAILED if problems else 0
