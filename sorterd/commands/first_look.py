"""The dry run of `setup`: some of the videos, what would become of them, and how long all of them take."""

from __future__ import annotations

import time
from dataclasses import replace

from sorterd.activity import Decided
from sorterd.commands.browser import folder_of_snap, has_desktop, opened_in_browser
from sorterd.commands.failure import CommandFailed
from sorterd.commands.questions import confirmed
from sorterd.commands.report import write_report
from sorterd.commands.sentences import say
from sorterd.commands.stages import PATIENCE, prepared
from sorterd.config import Config
from sorterd.daemon.app import App, RunOptions
from sorterd.library.places import look_at
from sorterd.report.console import console_for
from sorterd.report.records import print_records
from sorterd.report.screen import Screen, decision_table
from sorterd.setup.contents import Contents
from sorterd.text import counted, lasting, percent

SECONDS = 60.0
SHOWN = 10


def first_look(config: Config, contents: Contents, run_options: RunOptions, called: str, *, ask: bool) -> None:
    """Extract videos for a minute, print what would be moved, and write the page that shows it.

    What was extracted is kept. Raise CommandFailed if nothing could be extracted.
    """
    options = replace(run_options, sorting="report", at_once=True, preview_seconds=SECONDS)
    screen = Screen(console_for())
    say(f"Looking at videos of each folder and at unsorted ones, for at most {SECONDS:.0f} seconds ...")
    with prepared(config, options, screen) as app:
        began = time.monotonic()
        with screen:
            app.loop.run(until_idle=True, patience=PATIENCE)
        app.publisher.publish()
        _say_what_was_seen(app, contents, time.monotonic() - began)
        problems = app.loop.problems
    if problems:
        raise CommandFailed(problems[0])
    _say_decisions(screen)
    _offer_page(config, called, ask=ask)


def _say_what_was_seen(app: App, contents: Contents, seconds: float) -> None:
    pipeline = app.loop.pipeline
    done, space = pipeline.progress.done, pipeline.space
    looked = len(app.store.features.extracted(space.id)) if space is not None else 0
    if not looked:
        return
    per_minute = pipeline.progress.per_minute or (60 * done / seconds if done else None)
    left = max(0, contents.videos - looked)
    pace = f" The others take {lasting(60 * left / per_minute)}, at {per_minute:.0f} per minute." if per_minute else ""
    say(f"Looked at {looked:,} of {counted(contents.videos, 'video')}, which is kept." + (pace if left else ""))
    if space is None:
        return
    say(_ability(space.models))
    model, known = pipeline.model, pipeline.training.learnable.training_set(space).labelled
    if model is None:
        return
    if (accuracy := model.get("best_cv_accuracy")) is not None:
        right = f"It has learned from {counted(known, 'filed video')}, and is right for {percent(accuracy)}"
        later = "" if known >= contents.filed else " It will be surer when it has seen all."
        say(f"{right} of them (cross-validated).{later}")
    if model.get("expect"):
        say(f"{str(model['expect']).capitalize()}.")


def _ability(models: str) -> str:
    """Return what can be expected of the models, in a sentence."""
    if models == "clip":
        return "CLIP and Whisper are used: they know most things that can be seen or said."
    return (
        "The packaged models are used. They tell things and talk apart, but hardly styles, people or jokes: on most "
        "libraries expect suggestions more often than moves. CLIP is better, where the model hub can be reached."
    )


def _say_decisions(screen: Screen) -> None:
    decisions = screen.decisions()
    would = [one for one in decisions if one.would_move]
    if decisions:
        shown = sorted(decisions, key=_surest_first)[:SHOWN]
        table = decision_table(shown, "What it would do")
        rows = [row[:3] for row in table.rows]  # why: on the page
        print_records(screen.console, replace(table, columns=table.columns[:3], rows=rows))
        more = f" ({len(decisions) - SHOWN:,} are not in this list)" if len(decisions) > SHOWN else ""
        print(
            f"It would move {len(would):,} of the {counted(len(decisions), 'unsorted video')} that it has seen{more}."
        )
    else:
        say("It cannot say yet where the unsorted videos belong.")


def _surest_first(one: Decided) -> tuple[bool, float]:
    return not one.would_move, -one.prediction.confidence


def _offer_page(config: Config, called: str, *, ask: bool) -> None:
    (root,) = look_at(config.videos)
    page = write_report(config, root, called)
    say(f"All of that as a page: {page}")
    if ask and has_desktop() and folder_of_snap(page.parent) is None and confirmed("Open it in your browser?"):
        opened_in_browser(page)
