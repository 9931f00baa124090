"""One folder of videos, open to be changed by this process: by the service, or by a command when none runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sorterd import cloud
from sorterd.activity import Fault, Reporter
from sorterd.artifact_names import artifacts_folder
from sorterd.config import Config, ConfigError
from sorterd.features import words
from sorterd.library.layout import LayoutRules
from sorterd.library.network import is_network
from sorterd.library.stability import StabilityTracker
from sorterd.library.unfinished import JOIN_SECONDS
from sorterd.log import get_logger
from sorterd.service.lock import LOCK
from sorterd.service.root_lock import RootLock
from sorterd.sorting.mover import Mover
from sorterd.store.database import StoreError
from sorterd.store.homes import link_state
from sorterd.store.opening import open_to_write, save_what_is_gone
from sorterd.store.settings import ROOT, VIDEOS
from sorterd.store.store import Store
from sorterd.sync.guard import Doubt
from sorterd.sync.synchronizer import Synchronizer, SyncResult


@dataclass(slots=True)
class Library:
    """What a process needs to work on one folder of videos.

    `clock` is wall-clock time that never jumps. `take_root` is called before each scan: the folder may have come back
    after its disk was away, and another process may be using it.
    """

    store: Store
    synchronizer: Synchronizer
    mover: Mover
    report: Reporter
    clock: Callable[[], float]
    take_root: Callable[[], object] = lambda: None
    _tidied: bool = False

    def synchronize(
        self,
        *,
        watching: bool,
        should_stop: Callable[[], bool] = lambda: False,
        earlier: Doubt | None = None,
        believe: bool = False,
    ) -> SyncResult:
        """Update the store to what is on disk: scan, settle our own moves that a crash cut short, record.

        The arguments are those of `Synchronizer.scan` and `Synchronizer.record`. Raise RootUnavailable, RootTaken,
        MoveUnclear or Stopped.
        """
        self.take_root()
        scanned = self.synchronizer.scan(earlier=earlier, believe=believe)
        # Before the comparison, because otherwise our moves would look like the user's. And only on a disk that is
        # believed, because on an empty mount point every move looks as if it had never been made.
        if scanned.doubt is None and self._recover_moves():
            scanned = self.synchronizer.scan(earlier=earlier, believe=believe)
        return self.synchronizer.record(scanned, watching=watching, should_stop=should_stop)

    def _recover_moves(self) -> bool:
        """Finish or take back the moves that a crash cut short, and return whether there were any."""
        recovered = self.mover.recover()
        if not (recovered or self._tidied):  # once per start, because it walks through all folders
            self.mover.tidy()
        self._tidied = True
        for one in recovered:
            self.report(Fault(one.entry.source, f"a move that was cut short was {one.outcome}"))
            for sidecar in one.left:
                self.report(Fault(sidecar, "did not follow its video: the move was cut short, and its place is taken"))
        return bool(recovered)


@contextmanager
def open_library(
    config: Config,
    report: Reporter,
    *,
    accept_missing: bool = False,
    disk_away: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Library]:
    """Open the library of this config, and close it at the end. The caller holds the state folder.

    `accept_missing`: the user says that this is the same library at a new place. `disk_away`: nothing is to be looked
    at in the folder of videos, which may not answer at all. `should_stop` is asked in the middle of a copy. Raise
    StoreError or RootTaken.
    """
    used_before = any(artifacts_folder(config.state_dir).glob("*"))
    opened = open_to_write(config.state_dir, used_before=used_before, now=time.time(), held=[config.state_dir / LOCK])
    for sentence in opened.news:
        report(Fault("", sentence))
    store = opened.store
    with closing(store), nullcontext() if disk_away else RootLock(config.videos) as lock:
        claim(store, config, accept_missing=accept_missing)
        if not disk_away:
            _link(config)
        clock = steady_clock()
        rules = LayoutRules.of(config.watch.extensions, config.watch.ignore)
        mover = Mover(config.videos, rules, store, config.move.on_conflict, config.move.sidecars, clock, should_stop)
        take_root = (lambda: None) if lock is None else lock.take
        try:
            yield Library(store, _synchronizer(config, rules, store), mover, report, clock, take_root)
        finally:
            save_what_is_gone(store, config.state_dir)


def stability(config: Config, seconds: float) -> StabilityTracker:
    """Return a tracker of files with this settle time. On a network share time stamps are not trusted."""
    return StabilityTracker(seconds, trust_stamps=lambda: not is_network(config.videos))


def _synchronizer(config: Config, rules: LayoutRules, store: Store) -> Synchronizer:
    cloud.allow_downloads(config.watch.download_from_cloud)
    return Synchronizer(
        *(config.videos, rules, stability(config, config.watch.settle_seconds), store),
        retry_seconds=config.watch.settle_seconds,
        download_from_cloud=config.watch.download_from_cloud,
        joining=stability(config, JOIN_SECONDS),
        captions=config.features.captions and words.installed(),
    )


def claim(store: Store, config: Config, *, accept_missing: bool) -> None:
    """Note which folder this state is about. A folder that was only renamed is still the same.

    Raise StoreError if it is about another one, unless `accept_missing`: its labels would be taken for deleted.
    """
    noted, root = store.notes.get(VIDEOS), store.notes.get(ROOT)
    here = os.fspath(config.videos)
    # A folder that was never looked at is a name that was mistyped.
    about_another = noted not in (None, here) and root not in (None, _identity(config.videos))
    if about_another and not accept_missing:
        raise StoreError(
            f"{config.state_dir} is about {noted}, not about {here}: set another state_dir for this folder, "
            "or start once with 'sorterd run --accept-missing' if it is the same library at a new place"
        )
    store.notes.put(VIDEOS, here)


def _identity(folder: Path) -> list[int] | None:
    try:
        found = folder.stat()
    except OSError:  # away
        return None
    return [found.st_dev, found.st_ino]


def _link(config: Config) -> None:
    """Let commands that name this library by its folder find this state."""
    try:
        link_state(Path(os.path.realpath(config.videos)), config.state_dir)
    except ConfigError:  # a user without a home folder has no other place to look
        return
    except OSError as error:  # only commands with --videos need it
        get_logger().warning("'--videos' will not find this state", reason=str(error))


def steady_clock() -> Callable[[], float]:
    """Return wall-clock time that never jumps: the time at the start plus what has passed since."""
    # time.monotonic stands still while the machine sleeps. These do not: on macOS CLOCK_MONOTONIC goes on.
    which = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    offset = time.time() - time.clock_gettime(which)
    return lambda: offset + time.clock_gettime(which)
