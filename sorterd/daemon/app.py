"""From a config to a loop that is ready to run: every part made once, given what it needs."""

from __future__ import annotations

import os
import queue
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from sorterd import cloud
from sorterd.activity import Fault, Reporter
from sorterd.config import Config, ConfigError
from sorterd.daemon.cleanup import Cleanup
from sorterd.daemon.loop import Loop, LoopMessage
from sorterd.daemon.publisher import Publisher
from sorterd.daemon.status import artifacts_folder
from sorterd.library.layout import LayoutRules
from sorterd.library.network import is_network
from sorterd.library.stability import StabilityTracker
from sorterd.library.unfinished import JOIN_SECONDS
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.pipeline import Pipeline
from sorterd.pipeline.schedule import Stage
from sorterd.service.lock import LOCK
from sorterd.service.root_lock import RootLock
from sorterd.sorting.following import Following
from sorterd.sorting.mover import Mover
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.sorting.sorter import Sorter
from sorterd.store.absent import KEPT_SECONDS
from sorterd.store.database import StoreError
from sorterd.store.homes import link_state
from sorterd.store.opening import Opened, open_to_write, save_what_is_gone
from sorterd.store.settings import ROOT, VIDEOS
from sorterd.store.store import Store
from sorterd.sync.synchronizer import Synchronizer
from sorterd.worker.host.supervisor import COMMAND, Worker
from sorterd.worker.messages import Setup

STAGES: frozenset[Stage] = frozenset({"extract", "train", "predict"})
CHECK_SECONDS = 10.0  # between two looks at the state folder's own files
MODEL_START_SECONDS = 900.0  # the first start may fetch models over a slow line


@dataclass(frozen=True, slots=True)
class App:
    """All the parts of a running sorterd."""

    config: Config
    store: Store
    worker: Worker
    mover: Mover
    loop: Loop
    publisher: Publisher


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a command wants of the loop.

    `sorting` is what becomes of decisions, None for what the config says; `at_once` waits neither for further drags
    nor for the time at which to try again what failed; `afresh` trains and predicts even where nothing has changed.
    `worker` is the program that is started as the worker: a test of the whole service puts one in that costs less.
    `kept` is for how many seconds features outlive their video.
    """

    stages: frozenset[Stage] = STAGES
    sorting: Literal["move", "report", "nothing"] | None = None
    threshold: float | None = None
    top_k: int = 3
    at_once: bool = False
    afresh: bool = False
    accept_missing: bool = False
    worker: tuple[str, ...] = COMMAND
    kept: float = KEPT_SECONDS


def _seconds(days: float | Literal["never"]) -> float | None:
    return None if days == "never" else days * 24 * 3600


def steady_clock() -> Callable[[], float]:
    """Wall-clock time that never jumps: the time at the start plus what has passed since."""
    # time.monotonic stands still while the machine sleeps. These do not: on macOS CLOCK_MONOTONIC goes on.
    which = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    offset = time.time() - time.clock_gettime(which)
    return lambda: offset + time.clock_gettime(which)


@contextmanager
def open_app(config: Config, options: RunOptions, report: Reporter, log: Callable[[str], None]) -> Iterator[App]:
    """A program for this config, closed at the end.

    `tell` hears what happens, `log` gets the worker's own output line by line. The caller holds the state folder.
    Raise StoreError or RootTaken.
    """
    opened = open_state(config.state_dir)
    for sentence in opened.news:
        report(Fault("", sentence))
    store = opened.store
    with closing(store), RootLock(config.videos) as lock:
        claim(store, config, anew=options.accept_missing)
        link(config)
        program = _program(config, options, report, log, opened)
        program.loop.take_root = lock.take
        try:
            yield program
        finally:
            program.worker.stop()
            save_what_is_gone(store, config.state_dir)
            with suppress(sqlite3.Error, StoreError):  # the database may be what is wrong
                program.loop.pipeline.put_down()


def open_state(state_dir: Path) -> Opened:
    """The store of a state folder, for the process that holds it. Raise StoreError."""
    used_before = any(artifacts_folder(state_dir).glob("*"))
    return open_to_write(state_dir, used_before=used_before, now=time.time(), held=[state_dir / LOCK])


def _checked(store: Store) -> float:
    store.check()
    return CHECK_SECONDS


def claim(store: Store, config: Config, *, anew: bool) -> None:
    """Note which folder this state is about. A folder that was only renamed is still the same.

    Raise StoreError if it is about another one, unless `anew`: its labels would be taken for deleted.
    """
    noted, root = store.notes.get(VIDEOS), store.notes.get(ROOT)
    here = os.fspath(config.videos)
    # A folder that was never looked at is a name that was mistyped.
    about_another = noted not in (None, here) and root not in (None, _identity(config.videos))
    if about_another and not anew:
        raise StoreError(
            f"{config.state_dir} is about {noted}, not about {here}: set another state_dir for this folder, "
            "or start once with 'sorterd run --accept-missing' if it is the same library at a new place"
        )
    store.notes.put(VIDEOS, here)


def link(config: Config) -> None:
    """Let those who name this library by its folder find this state."""
    try:
        link_state(Path(os.path.realpath(config.videos)), config.state_dir)
    except ConfigError:  # a user without a home folder has no other place where anybody could look
        return
    except OSError as error:  # it is only for those who ask with --videos
        structlog.get_logger().warning("'--videos' will not find this state", reason=str(error))


def _identity(folder: Path) -> list[int] | None:
    try:
        found = folder.stat()
    except OSError:  # away
        return None
    return [found.st_dev, found.st_ino]


def _program(config: Config, options: RunOptions, report: Reporter, log: Callable[[str], None], opened: Opened) -> App:
    store = opened.store
    clock = steady_clock()
    inbox: queue.SimpleQueue[LoopMessage] = queue.SimpleQueue()
    artifacts = artifacts_folder(config.state_dir)
    artifacts.mkdir(mode=0o700, parents=True, exist_ok=True)
    worker = Worker(
        # Asked at each start of a child: once `models: auto` is settled, it stays settled.
        lambda: Setup(
            pipeline.card.spare(pipeline.features),
            os.fsencode(artifacts),
            config.features.timeout_seconds,
            config.watch.download_from_cloud,
        ),
        report=inbox.put,
        item_timeout=config.features.timeout_seconds,
        start_timeout=MODEL_START_SECONDS,
        idle_unload=config.features.idle_unload_seconds,
        command=options.worker,
        log=log,
    )
    rules = LayoutRules.of(config.watch.extensions, config.watch.ignore)
    trusted = lambda: not is_network(config.videos)  # noqa: E731
    settling = StabilityTracker(config.watch.settle_seconds, trust_stamps=trusted)
    joining = StabilityTracker(JOIN_SECONDS, trust_stamps=trusted)
    cloud.allow_downloads(config.watch.download_from_cloud)
    synchronizer = Synchronizer(
        *(config.videos, rules, settling, store),
        retry_seconds=config.watch.settle_seconds,
        download_from_cloud=config.watch.download_from_cloud,
        joining=joining,
    )
    mover = Mover(
        *(config.videos, rules, store, config.move.on_conflict, config.move.sidecars, clock),
        should_stop=lambda: loop.should_stop(),
    )
    threshold = config.move.threshold if options.threshold is None else options.threshold
    pipeline = Pipeline(
        root=config.videos,
        store=store,
        worker=worker,
        settings=PipelineSettings(
            features=config.feature_settings(),
            candidates=config.train.candidates,
            min_per_category=config.train.min_per_category,
            trust_own_moves_after=_seconds(config.train.learn_from_auto_moves),
            debounce_seconds=0.0 if options.at_once else config.train.debounce_seconds,
            threshold=threshold,
            top_k=options.top_k,
        ),
        report=report,
        clock=clock,
        stages=options.stages,
    )
    by_config: Literal["move", "report"] = "move" if config.move.enabled and not config.move.dry_run else "report"
    sorter = Sorter(
        *(store, mover, report, options.sorting or by_config),
        pauses=MovingPauses(store) if options.sorting is None else None,
        never_into=config.move.never_into,
        report_all=options.at_once,
    )
    if sorter.pauses is not None and by_config == "move":
        sorter.pauses.check_update(clock())
    following = Following(
        *(store, mover, report, StabilityTracker(config.watch.settle_seconds, trust_stamps=trusted)),
        settle_seconds=config.watch.settle_seconds,
        enabled=config.move.sidecars and sorter.mode != "nothing",
        after_user=config.move.sidecars_follow_user,
    )
    loop = Loop(
        synchronizer=synchronizer,
        mover=mover,
        pipeline=pipeline,
        sorter=sorter,
        report=report,
        rescan_seconds=config.watch.rescan_seconds,
        inbox=inbox,
        believe_missing=options.accept_missing,
        following=following,
    )
    # A worker may write into the folder that it was started with, and into no other of the same name.
    publisher = Publisher(store, pipeline, artifacts, renewed=worker.unload, never_into=config.move.never_into)
    loop.each_turn(lambda: _checked(store))
    loop.each_turn(publisher.turn)
    known = lambda: not loop.first_sync and loop.blocked is None  # noqa: E731
    loop.each_turn(Cleanup(store, report, known, clock, kept=options.kept).turn)
    if options.at_once:
        store.features.end_waits()
    if options.afresh:
        pipeline.do_afresh()
    return App(config, store, worker, mover, loop, publisher)
