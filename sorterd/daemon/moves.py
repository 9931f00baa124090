"""Our own moves: written into the journal, carried out, recorded. And taking them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sorterd.library.files import FileId
from sorterd.library.move import MoveFailed, MovePlan, MoveRefused, carry_out, plan_move, plan_return, recover
from sorterd.reconcile import KnownFile, Source
from sorterd.store.journal import Entry
from sorterd.store.store import Store


class UndoRefused(Exception):
    """A move cannot be taken back; the message says why."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Moves files inside one root and keeps one store in step with that."""

    root: Path
    store: Store
    on_conflict: Literal["rename", "skip"]
    with_sidecars: bool
    clock: Callable[[], float]

    def sort(self, file: KnownFile, folder: str, *, confidence: float, reason: str) -> str:
        """Move a video into a category; its new path. Raise MoveRefused or MoveFailed, with everything as it was."""
        plan = plan_move(
            self.root,
            file.path,
            folder,
            file.id,
            with_sidecars=self.with_sidecars,
            on_conflict=self.on_conflict,
        )
        with self.store.transaction():
            number = self._write_down(plan, file.fingerprint, "sort", reason, confidence=confidence)
        return self._carry_out(number, plan, file.fingerprint, "auto")

    def undo(self, entry: Entry) -> str:
        """Take one move back; where the video is now. Raise UndoRefused, MoveRefused or MoveFailed.

        The video is not moved by ourselves again, and its category counts as refused.
        """
        here = self.store.files.at(entry.destination)
        if entry.undone:
            raise UndoRefused(f"move {entry.number} has been undone already")
        if entry.kind != "sort" or entry.step != "done":
            raise UndoRefused(f"move {entry.number} was not carried out, there is nothing to undo")
        if here is None or here.fingerprint != entry.fingerprint:
            raise UndoRefused(f"{entry.destination} has been moved or changed since")
        plan = plan_return(self.root, entry, here.id)
        with self.store.transaction():
            number = self._write_down(plan, entry.fingerprint, "undo", f"undo of move {entry.number}", undoes=entry)
        return self._carry_out(number, plan, entry.fingerprint, None, undoes=entry)

    def recover(self) -> list[tuple[Entry, bool]]:
        """Finish or take back the moves that a crash cut short; for each whether it was done in the end."""
        outcome = []
        for entry in self.store.journal.unfinished():
            plan = MovePlan(entry.source, entry.destination, entry.sidecars, entry.id)
            done = recover(self.root, plan, entry.step) == "done"
            if done:
                undoes = self.store.journal.get(entry.undoes) if entry.undoes is not None else None
                self._record(entry.number, plan, entry.fingerprint, "auto" if undoes is None else None, undoes)
            else:
                self.store.journal.step(entry.number, "failed", "cut short by a crash; the file is where it was")
            outcome.append((entry, done))
        return outcome

    def _write_down(
        self,
        plan: MovePlan,
        fingerprint: str,
        kind: Literal["sort", "undo"],
        reason: str,
        *,
        confidence: float | None = None,
        undoes: Entry | None = None,
    ) -> int:
        return self.store.journal.plan(
            kind=kind,
            fingerprint=fingerprint,
            source=plan.source,
            destination=plan.destination,
            sidecars=plan.sidecars,
            id=plan.id,
            reason=reason,
            now=self.clock(),
            confidence=confidence,
            undoes=undoes.number if undoes else None,
        )

    def _carry_out(
        self, number: int, plan: MovePlan, fingerprint: str, source: Source | None, *, undoes: Entry | None = None
    ) -> str:
        def note(step: str) -> None:
            assert step == "copied"
            self.store.journal.step(number, "copied")

        try:
            carry_out(self.root, plan, note)
        except (MoveFailed, MoveRefused) as error:
            self.store.journal.step(number, "failed", str(error))
            raise
        self._record(number, plan, fingerprint, source, undoes)
        return plan.destination

    def _record(
        self, number: int, plan: MovePlan, fingerprint: str, source: Source | None, undoes: Entry | None
    ) -> None:
        """The file is at its destination: say so in the journal and the files table at once."""
        status = (self.root / plan.destination).lstat()
        id = FileId(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        now = self.clock()
        with self.store.transaction():
            self.store.journal.step(number, "done")
            self.store.files.move(plan.source, KnownFile(plan.destination, id, fingerprint, source), now=now)
            if undoes is not None:
                self.store.journal.set_undone(undoes.number)
                self.store.files.hold(fingerprint, now=now)
                category = undoes.destination.partition("/")[0]
                self.store.files.refuse(fingerprint, category, now=now)
