"""A library in a folder with real files, a real store beside it, and a clock that the test turns."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sorterd.changes import KnownFile, Source
from sorterd.library.fingerprint import fingerprint
from sorterd.library.layout import LayoutRules
from sorterd.library.move import MoveResult
from sorterd.library.stability import StabilityTracker
from sorterd.sorting.mover import Mover
from sorterd.store.opening import open_to_write
from sorterd.store.store import Store
from sorterd.sync.guard import Doubt
from sorterd.sync.synchronizer import Synchronizer, SyncResult
from support.tree import Tree, make, read

AGES = 3600.0


def never() -> bool:
    return False


@dataclass(slots=True)
class Clock:
    """Wall-clock time that only moves when it is told to. Long past the files' own stamps, unless asked otherwise."""

    now: float = field(default_factory=lambda: time.time() + AGES)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(slots=True)
class Workspace:
    """Root folder, store, and those who work on them."""

    root: Path
    state: Path
    clock: Clock = field(default_factory=Clock)
    settle: float = 0.0
    timer: Callable[[], float] = time.monotonic
    on_conflict: Literal["rename", "skip"] = "rename"
    captions: bool = False
    store: Store = field(init=False)
    synchronizer: Synchronizer = field(init=False)
    mover: Mover = field(init=False)

    def __post_init__(self) -> None:
        for folder in (self.root, self.state):
            folder.mkdir(exist_ok=True)
        self.open()

    def open(self) -> None:
        """Open the store as a new process does."""
        self.store = open_to_write(self.state, used_before=False, now=self.clock()).store
        rules = LayoutRules()
        settling = StabilityTracker(self.settle)
        self.synchronizer = Synchronizer(
            *(self.root, rules, settling, self.store, 5.0, self.clock, self.timer), captions=self.captions
        )
        self.mover = Mover(self.root, rules, self.store, self.on_conflict, True, self.clock)

    def close(self) -> None:
        self.store.close()

    def restart(self) -> None:
        self.close()
        self.open()

    def lay_out(self, tree: Tree) -> None:
        make(self.root, tree)

    def take_in(self, tree: Tree) -> None:
        """Lay out these files, and notice them by a sync."""
        self.lay_out(tree)
        self.synchronize()

    def synchronize(
        self,
        *,
        watching: bool = True,
        should_stop: Callable[[], bool] = never,
        believe: bool = False,
        earlier: Doubt | None = None,
        settle_moves: Callable[[], object] = never,
    ) -> SyncResult:
        scanned = self.synchronizer.scan(earlier=earlier, believe=believe)
        if scanned.doubt is None and settle_moves():
            scanned = self.synchronizer.scan(earlier=earlier, believe=believe)
        return self.synchronizer.record(scanned, watching=watching, should_stop=should_stop)

    def on_disk(self) -> dict[str, object]:
        return read(self.root)

    def known(self) -> dict[str, Source | None]:
        """The known paths with the source of their label."""
        return {path: file.source for path, file in self.store.files.known().files.items()}

    def at(self, path: str) -> KnownFile:
        file = self.store.files.at(path)
        assert file is not None
        return file

    def sort(self, path: str, folder: str = "cats") -> MoveResult:
        """Move a known file as the daemon does."""
        return self.mover.sort(self.at(path), folder, confidence=0.9, reason="looks like it")

    def begin_move(self, path: str, destination: str) -> None:
        """Write a move into the journal, after which nothing more has happened: the power was cut."""
        file = self.at(path)
        self.store.journal.plan(
            kind="sort",
            fingerprint=file.fingerprint,
            source=path,
            destination=destination,
            sidecars=(),
            id=file.id,
            reason="looks like it",
            now=self.clock.now,
            confidence=0.9,
        )

    def drag(self, source: str, target: str) -> None:
        """As the user does it in a file manager."""
        (self.root / source).rename(self.root / target)

    def content(self, path: str) -> str:
        """The fingerprint of what lies at a path now."""
        return fingerprint(self.root / path, never)


def when_planned(workspace: Workspace, act: Callable[[], object]) -> None:
    """Let something happen between the writing of a plan and its carrying out; once."""
    left = [act]
    workspace.store.connection.set_trace_callback(
        lambda sql: left.pop()() if left and sql.startswith("INSERT INTO moves") else None
    )
