"""Make our own moves: write them into the journal, carry them out, record them, and undo them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sorterd.changes import KnownFile
from sorterd.library.files import FileId
from sorterd.library.layout import LayoutRules
from sorterd.library.move import COPIED, MoveFailed, MoveResult, NameTaken, carry_out, recover, remove_stale_parts
from sorterd.library.names import stem_and_extension
from sorterd.library.open_writers import opened_to_write
from sorterd.library.openat import join, split
from sorterd.library.plan import MovePlan, MoveRefused, plan_move, plan_return
from sorterd.library.scan import file_id
from sorterd.library.unfinished import why_unfinished
from sorterd.sorting.cut_short import found_again, is_disk_away, recovered_id, which_directory
from sorterd.sorting.record_move import Purpose, record_move
from sorterd.store.journal import Entry
from sorterd.store.store import Store

NAME_TRIES = 20  # gives up if another program keeps taking each free name first


class UndoRefused(Exception):
    """A move cannot be undone. The message says why."""


class MoveUnclear(Exception):
    """The folders of a move that a crash cut short cannot be examined now. The disk proves nothing then."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """The outcome of a move that a crash cut short."""

    entry: Entry
    outcome: Literal["finished", "taken back"]
    left: tuple[str, ...] = ()  # sidecars that could not follow


@dataclass(frozen=True, slots=True)
class Mover:
    """Moves files inside one root and records that in one store."""

    root: Path
    rules: LayoutRules
    store: Store
    on_conflict: Literal["rename", "skip"]
    with_sidecars: bool
    clock: Callable[[], float]
    should_stop: Callable[[], bool] = lambda: False  # called once per MiB of a copy, which also serves as a heartbeat

    def sort(self, file: KnownFile, folder: str, *, confidence: float, reason: str) -> MoveResult:
        """Move a video into a category. Raise MoveRefused, MoveFailed or StoreError. Nothing has changed then."""
        return self._into(file, folder, Purpose("sort", file.fingerprint, reason, confidence))

    def file(self, file: KnownFile, folder: str) -> MoveResult:
        """Move a video into a category because the user says so, and record that as a drag. Raise as `sort`."""
        return self._into(file, folder, Purpose("file", file.fingerprint, "you filed it by command"))

    def _into(self, file: KnownFile, folder: str, purpose: Purpose) -> MoveResult:
        def plan() -> MovePlan:
            self._check_folder(folder)
            return plan_move(
                *(self.root, file.path, folder, file.id),
                rules=self.rules,
                with_sidecars=self.with_sidecars,
                on_conflict=self.on_conflict,
                elsewhere=self._elsewhere(file.path, folder),
            )

        return self._move(plan, purpose)

    def _check_folder(self, folder: str) -> None:
        """Raise MoveRefused if the folder was renamed since the last sync.

        Its files would be taken for those of the folder that had the name before, or for moved by the user.
        """
        known, here = self.store.files.category_folders().get(folder), which_directory(self.root / folder)
        if here is None or here == known:
            return
        if known is not None:
            raise MoveRefused(f"the folder {folder} is another than it was; it has to be looked at first")
        for name, directory in self.store.files.category_folders().items():
            if directory == here:
                raise MoveRefused(f"the folder {folder} was called {name} until now; it has to be looked at first")

    def follow(self, sidecar: str, destination: str, id: FileId, *, fingerprint: str, video: str) -> MoveResult:
        """Move a sidecar to where its video went. `fingerprint` and `video` are the video's. Raise as `sort`."""
        plan = MovePlan(sidecar, destination, (), id)
        return self._move(lambda: plan, Purpose("follow", fingerprint, f"its video has gone to {video}"))

    def undo(self, entry: Entry) -> MoveResult:
        """Undo one move. Raise UndoRefused, MoveRefused, MoveFailed or StoreError. Nothing has changed then.

        The video's sidecars go back with it, including those that followed later. If the user has renamed the video or
        its folder meanwhile, the video goes back from there, under its new name. It is held: we do not move it again.
        The category counts as rejected. But where the user had filed it, all that was said before holds again.
        """
        purpose = Purpose("undo", entry.fingerprint, f"undo of move {entry.number}", undoes=entry)
        return self._move(lambda: self.plan_undo(entry), purpose)

    def plan_undo(self, entry: Entry) -> MovePlan:
        """Return what `undo` would do now. Raise UndoRefused or MoveRefused."""
        if entry.undone:
            raise UndoRefused(f"move {entry.number} has been undone already")
        if entry.kind == "undo":
            raise UndoRefused(f"it took move {entry.undoes} back; move the file yourself to have it there again")
        if entry.step != "done":
            raise UndoRefused(f"move {entry.number} was not carried out, so there is nothing to undo")
        if entry.kind == "follow":
            return self._plan_undo_of_sidecar(entry)
        here = self._present_place(entry)
        if here is None:
            raise UndoRefused(f"{entry.destination} has been moved or changed since")
        renamed = split(here.path)[1] != split(entry.destination)[1]
        back = join(split(entry.source)[0], split(here.path)[1]) if renamed else entry.source
        followers = self.store.journal.followers(entry.fingerprint, entry.number)
        return plan_return(
            *(self.root, here.path, back, here.id),
            rules=self.rules,
            with_sidecars=self.with_sidecars,
            brought=[*entry.sidecars, *((one.source, one.destination) for one in followers)],
        )

    def _plan_undo_of_sidecar(self, entry: Entry) -> MovePlan:
        try:
            id = file_id((self.root / entry.destination).lstat())
        except OSError as error:
            raise UndoRefused(f"{entry.destination} has been moved since") from error
        plan = MovePlan(entry.destination, entry.source, (), id)
        self._check_free(plan)
        return plan

    def _elsewhere(self, path: str, folder: str) -> list[str]:
        """Return the names of videos that lay beside this one, have similar names, and went to other folders."""
        here, name = split(path)
        names = []
        for other in self.store.relocations.all(join(here, stem_and_extension(name)[0])).values():
            places = {split(file.path)[0] for file in self.store.files.places(other.fingerprint)}
            if split(other.source)[0] == here and places and not places & {here, folder}:
                names.append(split(other.source)[1])
        return names

    def recover(self) -> list[Recovered]:
        """Finish or take back the moves that a crash cut short, and remove the partial copies that they left.

        Call this only while the disk is believed to be there: a video that lies at neither end counts as not moved.
        Raise MoveUnclear if that cannot be decided now, Stopped if `should_stop` returns True meanwhile.
        """
        outcomes: list[Recovered] = []
        for entry in self.store.journal.unfinished():
            plan = MovePlan(entry.source, entry.destination, entry.sidecars, entry.id)
            undoes = None if entry.undoes is None else self.store.journal.get(entry.undoes)
            outcome = recover(self.root, plan, COPIED if entry.step == "copied" else "", self.should_stop)
            if outcome == "unknown" or (outcome == "not done" and is_disk_away(self.root, self.store, plan)):
                raise MoveUnclear(f"{entry.source} was being moved when sorterd was cut short, and its folder is away")
            arrived: Path | None = self.root / plan.destination
            if outcome == "not done":
                arrived = found_again(self.root, self.store, plan.destination, entry.id)
            if arrived is not None:
                purpose = Purpose(entry.kind, entry.fingerprint, entry.reason, entry.confidence, undoes)
                self._record(entry.number, MoveResult(plan, recovered_id(arrived, entry.id)), purpose)
                outcomes.append(Recovered(entry, "finished", self._left_behind(plan)))
            else:
                self.store.journal.step(entry.number, "failed", "cut short by a crash; the file is where it was")
                outcomes.append(Recovered(entry, "taken back"))
        if outcomes:
            self.tidy()
        return outcomes

    def tidy(self) -> None:
        """Remove partial copies that could not be removed when a move failed. Call this only after `recover`."""
        remove_stale_parts(self.root)

    def _left_behind(self, plan: MovePlan) -> tuple[str, ...]:
        return tuple(source for source, _ in plan.sidecars if (self.root / source).is_file())

    def _present_place(self, entry: Entry) -> KnownFile | None:
        """Return the present file of a video that we moved, None if the user has filed it elsewhere."""
        here = self.store.files.at(entry.destination)
        if here is not None and here.fingerprint == entry.fingerprint:
            return here
        if entry.corrected or self._moved_since(entry):
            return None
        places = self.store.files.places(entry.fingerprint)
        ours = [file for file in places if (file.source == "user" if entry.kind == "file" else file.ours)]
        return max(ours, key=lambda file: file.id.inode == entry.id.inode, default=None)  # rather the file than a copy

    def _moved_since(self, entry: Entry) -> bool:
        later = (other for other in self.store.journal.of(entry.fingerprint) if other.number > entry.number)
        return any(other.kind in ("sort", "file") and other.step == "done" and not other.undone for other in later)

    def _move(self, plan: Callable[[], MovePlan], purpose: Purpose) -> MoveResult:
        for _ in range(NAME_TRIES):
            planned = plan()
            if purpose.of_a_sidecar:
                self._check_free(planned)
            elif self.store.files.at(planned.destination) is not None:
                # The user has just moved that file away. Overwriting its record would forget where it came from.
                raise MoveRefused(f"what lay at {planned.destination} is gone; the folder has to be looked at first")
            # Checked again, because the sync that found the file settled may be long ago.
            if opened_to_write(self.root / planned.source):
                raise MoveRefused(f"somebody is writing to {planned.source}")
            unfinished = why_unfinished(self.root / planned.source, self.clock())
            if unfinished is not None:
                raise MoveRefused(f"{planned.source} is left for now: {unfinished}")
            number = self._write_down(planned, purpose)
            copied = lambda _: self.store.journal.step(number, "copied")  # noqa: B023, E731
            try:
                moved = carry_out(self.root, planned, copied, self.should_stop)
            except NameTaken as error:
                self.store.journal.step(number, "failed", str(error))
                continue
            except MoveFailed as error:
                self.store.journal.step(number, "failed", str(error))
                raise
            self._record(number, moved, purpose)
            return moved
        raise MoveRefused(f"every name for {planned.source} was taken before it could be used")

    def _check_free(self, plan: MovePlan) -> None:
        """Raise MoveRefused if the name is taken. A sidecar must have its video's name, so no other one is tried."""
        if os.path.lexists(self.root / plan.destination):
            raise MoveRefused(f"{plan.destination} exists already")

    def _write_down(self, plan: MovePlan, purpose: Purpose) -> int:
        self.store.check()  # a move must not be recorded in a journal that was deleted
        return self.store.journal.plan(
            kind=purpose.kind,
            fingerprint=purpose.fingerprint,
            source=plan.source,
            destination=plan.destination,
            sidecars=plan.sidecars,
            id=plan.id,
            reason=purpose.reason,
            now=self.clock(),
            confidence=purpose.confidence,
            undoes=purpose.undoes.number if purpose.undoes else None,
        )

    def _record(self, number: int, moved: MoveResult, purpose: Purpose) -> None:
        record_move(self.store, self.root, number, moved, purpose, now=self.clock())
