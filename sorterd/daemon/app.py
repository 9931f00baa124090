"""From a config to a loop that is ready to run: every part made once, given what it needs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from sorterd.activity import Reporter
from sorterd.artifact_names import artifacts_folder
from sorterd.config import Config
from sorterd.daemon.cleanup import Cleanup
from sorterd.daemon.library import Library, open_library, stability
from sorterd.daemon.library_sync import LibrarySync
from sorterd.daemon.loop import Inbox, Loop
from sorterd.daemon.preview import Preview
from sorterd.daemon.publisher import Publisher
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.picture_archive import PictureArchive
from sorterd.pipeline.pipeline import Pipeline
from sorterd.pipeline.schedule import Stage
from sorterd.pipeline.work_hours import WorkHours
from sorterd.sorting.following import Following
from sorterd.sorting.mover import Mover
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.sorting.sorter import Sorter
from sorterd.sorting.training_effects import TrainingEffects
from sorterd.store.absent import KEPT_SECONDS
from sorterd.store.database import StoreError
from sorterd.store.store import Store
from sorterd.work_window import WorkWindow
from sorterd.worker.host.supervisor import COMMAND, Worker
from sorterd.worker.messages import Setup

STAGES: frozenset[Stage] = frozenset({"read", "extract", "train", "predict"})
CHECK_SECONDS = 10.0  # between two looks at the state folder's own files
MODEL_START_SECONDS = 900.0  # the first start may fetch models over a slow line


@dataclass(frozen=True, slots=True)
class App:
    """All the parts of a running sorterd."""

    config: Config
    store: Store
    worker: Worker
    workers: ExecutorPool
    mover: Mover
    loop: Loop
    publisher: Publisher


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a command wants of the loop.

    `sorting` is what becomes of decisions, None for what the config says; `at_once` waits neither for further drags nor
    for `work.window` or mains power, nor for the time at which to try again what failed; `again` trains and predicts
    even where nothing has changed. `worker` is the program that is started as the worker: a test of the whole service
    puts one in that costs less. `kept` is for how many seconds features outlive their video. `preview_seconds` is how
    long videos are extracted before the rest is left for later (see `Preview`); None for no limit.
    """

    stages: frozenset[Stage] = STAGES
    sorting: Literal["move", "report", "nothing"] | None = None
    threshold: float | None = None
    top_k: int = 3
    at_once: bool = False
    again: bool = False
    accept_missing: bool = False
    worker: tuple[str, ...] = COMMAND
    kept: float = KEPT_SECONDS
    preview_seconds: float | None = None


@contextmanager
def open_app(config: Config, options: RunOptions, report: Reporter, log: Callable[[str], None]) -> Iterator[App]:
    """Make a program for this config, and close it at the end.

    `report` gets what happens, `log` the worker's own output line by line. The caller holds the state folder. Raise
    StoreError or RootTaken.
    """
    with open_library(
        config, report, accept_missing=options.accept_missing, should_stop=lambda: app.loop.should_stop()
    ) as library:
        app = _assemble(config, options, library, log)
        try:
            yield app
        finally:
            app.workers.stop()
            with suppress(sqlite3.Error, StoreError):  # the database may be what is wrong
                app.loop.pipeline.put_down()


def _assemble(config: Config, options: RunOptions, library: Library, log: Callable[[str], None]) -> App:
    store, report = library.store, library.report
    inbox = Inbox()
    artifacts = artifacts_folder(config.state_dir)
    artifacts.mkdir(mode=0o700, parents=True, exist_ok=True)

    def setup() -> Setup:  # asked at each start of a child: once `models: auto` is settled, it stays settled
        return Setup(
            pipeline.card.spare(pipeline.in_use.settings),
            os.fsencode(artifacts),
            config.features.timeout_seconds,
            config.watch.download_from_cloud,
            config.pictures.keep,
        )

    worker = Worker(
        setup,
        report=inbox.put,
        item_timeout=config.features.timeout_seconds,
        start_timeout=MODEL_START_SECONDS,
        idle_unload=config.features.idle_unload_seconds,
        command=options.worker,
        log=log,
    )
    workers = ExecutorPool(worker)
    pipeline = _pipeline(config, options, library, workers)
    sorter = _sorter(config, options, library)
    following = Following(
        *(store, library.mover, report, stability(config, config.watch.settle_seconds)),
        settle_seconds=config.watch.settle_seconds,
        enabled=config.move.sidecars and sorter.mode != "nothing",
        after_user=config.move.sidecars_follow_user,
    )
    sync = LibrarySync(library, config.watch.rescan_seconds, believe_missing=options.accept_missing)
    loop = Loop(sync, pipeline, sorter, report, inbox, following=following)
    if sorter.mode != "nothing":
        loop.effects = TrainingEffects(store, report, config.move.never_into)
    # A worker may write into the folder that it was started with, and into no other of the same name.
    publisher = Publisher(store, pipeline, artifacts, renewed=worker.unload, never_into=config.move.never_into)
    complete = lambda: not sync.first and sync.blocked is None  # noqa: E731
    cleanup = Cleanup(store, report, complete, library.clock, kept=options.kept, tidy_pictures=pipeline.drawing.tidy)
    for action in (lambda: _check(store), publisher.turn, cleanup.turn):
        loop.each_turn(action)
    if options.preview_seconds is not None:
        loop.each_turn(Preview(loop, options.preview_seconds).turn)
    return App(config, store, worker, workers, library.mover, loop, publisher)


def _pipeline(config: Config, options: RunOptions, library: Library, workers: ExecutorPool) -> Pipeline:
    settings = PipelineSettings(
        features=config.feature_settings(),
        candidates=config.train.candidates,
        min_per_category=config.train.min_per_category,
        trust_own_moves_after=_seconds(config.train.learn_from_auto_moves),
        debounce_seconds=0.0 if options.at_once else config.train.debounce_seconds,
        threshold=config.move.threshold if options.threshold is None else options.threshold,
        top_k=options.top_k,
    )
    pictures, work = config.pictures, config.work
    limit = pictures.max_mb * 1_000_000 if pictures.keep else 0
    pipeline = Pipeline(
        *(config.videos, library.store, workers, settings, library.report),
        clock=library.clock,
        stages=options.stages,
        archive=PictureArchive(config.state_dir, library.store, limit, library.clock),
        hours=WorkHours() if options.at_once else WorkHours(WorkWindow.parse(work.window), work.on_battery),
    )
    if options.at_once:
        library.store.features.end_waits()
    if options.again:
        pipeline.do_again()
    return pipeline


def _sorter(config: Config, options: RunOptions, library: Library) -> Sorter:
    by_config: Literal["move", "report"] = "move" if config.move.enabled and not config.move.dry_run else "report"
    pauses = MovingPauses(library.store) if options.sorting is None else None
    MovingPauses(library.store).note_first_version()
    if pauses is not None and by_config == "move":
        pauses.check_update(library.clock())
    return Sorter(
        *(library.store, library.mover, library.report, options.sorting or by_config),
        pauses=pauses,
        never_into=config.move.never_into,
        report_all=options.at_once,
    )


def _check(store: Store) -> float:
    store.check()
    return CHECK_SECONDS


def _seconds(days: float | Literal["never"]) -> float | None:
    return None if days == "never" else days * 24 * 3600
