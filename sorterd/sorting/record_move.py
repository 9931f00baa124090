"""Record a move that was made, in the journal and in the tables, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sorterd.changes import KnownFile, Moved, Source
from sorterd.library.files import category_of
from sorterd.library.move import MoveResult
from sorterd.library.plan import MovePlan
from sorterd.sorting.cut_short import which_directory
from sorterd.store.former import Former
from sorterd.store.journal import Entry, Kind
from sorterd.store.store import Store


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a move is made: what the journal records besides its plan."""

    kind: Kind
    fingerprint: str
    reason: str
    confidence: float | None = None
    undoes: Entry | None = None

    @property
    def label(self) -> Source | None:
        """The source of the label that the file has after the move."""
        if self.undoes is not None and self.undoes.former is not None:
            return self.undoes.former.source
        sources: dict[Kind, Source] = {"sort": "auto", "file": "user"}
        return sources.get(self.kind)

    @property
    def of_a_sidecar(self) -> bool:
        """Whether a sidecar is moved rather than a video."""
        return self.kind == "follow" or (self.undoes is not None and self.undoes.kind == "follow")


def record_move(store: Store, root: Path, number: int, moved: MoveResult, purpose: Purpose, *, now: float) -> None:
    """Record in one transaction that the file of move `number` is at its destination."""
    with store.transaction():
        if purpose.of_a_sidecar:
            if purpose.undoes is not None:
                store.journal.set_undone(purpose.undoes.number)
        elif purpose.kind == "file":
            _record_filed(store, root, number, moved, purpose, now)
        else:
            file = KnownFile(moved.plan.destination, moved.id, purpose.fingerprint, purpose.label)
            store.files.move(moved.plan.source, file, now=now)
            if purpose.undoes is not None:
                _record_undone(store, purpose.undoes, moved.plan, now)
        store.journal.step(number, "done")


def _record_filed(store: Store, root: Path, number: int, moved: MoveResult, purpose: Purpose, now: float) -> None:
    """Record a filed video as the next sync would if the user had dragged the file."""
    source, file = moved.plan.source, KnownFile(moved.plan.destination, moved.id, purpose.fingerprint, purpose.label)
    before = store.files.at(source) or KnownFile(source, file.id, file.fingerprint)
    former = Former.of(store.connection, before)
    folders, category = store.files.category_folders(), category_of(file.path) or ""
    if (here := which_directory(root / category)) is not None:
        folders[category] = here
    store.files.apply([Moved(before, file)], folders, now=now, watching=False)
    store.journal.set_former(number, former.narrowed(store.connection, file.fingerprint))


def _record_undone(store: Store, entry: Entry, plan: MovePlan, now: float) -> None:
    for follower in store.journal.followers(entry.fingerprint, entry.number):
        if (follower.destination, follower.source) in plan.sidecars:
            store.journal.set_undone(follower.number)
    store.journal.set_undone(entry.number)
    left = category_of(plan.source) or ""
    if entry.former is None:
        store.files.hold(entry.fingerprint, now=now)
        store.files.reject(entry.fingerprint, left, now=now)
    else:
        then, back = category_of(entry.destination) or "", category_of(plan.destination)
        entry.former.restore(store.connection, entry.fingerprint, left=(then, left), back=back, now=now)
