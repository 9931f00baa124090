"""What sorterd does: synchronise, sort, let sidecars follow, undo."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from support.faults import as_if_other_disk

from daemon.machine.names import any_folder, named, pick, predictions
from daemon.machine.our_moves import OurMoves
from sorterd.backoff import LONGEST_DELAY
from sorterd.library.files import category_of
from sorterd.library.move import MoveFailed
from sorterd.library.plan import MoveRefused
from sorterd.library.scan import RootUnavailable
from sorterd.library.stability import StabilityTracker
from sorterd.prediction import Prediction
from sorterd.sorting.filing import Filing
from sorterd.sorting.following import Following
from sorterd.sorting.mover import UndoRefused
from sorterd.store.journal import Entry
from sorterd.sync.guard import SECOND_SCAN_SECONDS

PREDICTOR = "the model"


class OurRules(OurMoves):
    """Each rule is one step of the daemon's loop, or a command."""

    @rule()
    def we_synchronize(self) -> None:
        before, rejections = self.workspace.store.files.known(), self.workspace.store.files.rejections()
        held = self.workspace.store.files.held()
        there = {named(content) for content in self.files.values()}
        all_gone = bool(before.files) and not any(
            path in self.files or file.fingerprint in there for path, file in before.files.items()
        )
        seen = self.workspace.synchronize(settle_moves=self.workspace.mover.recover)
        assert seen.doubt is not None or not all_gone, "a library does not vanish at once"
        if seen.doubt is not None:
            assert self.workspace.store.files.known() == before, "nothing is believed at once"
            self.workspace.clock.advance(SECOND_SCAN_SECONDS)
            seen = self.workspace.synchronize(earlier=seen.doubt, settle_moves=self.workspace.mover.recover)
            assert seen.doubt is None, "a second sync that agrees is believed"
        self.knows_everything(self.workspace)
        self.rejects_what_was_taken_out(before)
        self.remembers_rejections(before, rejections)
        self.holds_what_was_undone(before, held)
        self.folders_then = dict(self.folders)
        known = self.workspace.known()
        for path, (_, _, source) in self.then.items():
            assert known[path] == source, "nobody has touched it"
        self.then = {path: self.as_known(path, source) for path, source in known.items()}
        assert self.workspace.synchronize().changes == ()

    @precondition(lambda self: self.workspace.known())
    @rule(empty=st.booleans())
    def we_synchronize_while_the_disk_is_away(self, empty: bool) -> None:
        """Nothing is forgotten, and nothing is moved."""
        before = self.workspace.store.files.known()
        away = self.root.rename(self.outside / "disk")
        if empty:
            self.root.mkdir()
        with suppress(RootUnavailable):
            assert self.workspace.synchronize(settle_moves=self.workspace.mover.recover).doubt is not None
        if empty:
            self.root.rmdir()
        away.rename(self.root)
        assert self.workspace.store.files.known() == before

    @precondition(lambda self: self.files)
    @rule(which=pick)
    def we_synchronize_while_a_file_is_written(self, which: int) -> None:
        """What is decided then, or left open, must not be in the way of the next sync."""
        with (self.root / self.any_file(which)).open("ab"):
            self.we_synchronize_in_between()

    @rule(predictions=predictions, across_disks=st.booleans())
    def we_sort(self, predictions: list[int], across_disks: bool = False) -> None:
        """Every video of the inbox, as we last saw it, has a prediction that may be wrong."""
        store = self.workspace.store
        folders = sorted(store.files.categories()) or ["cats"]
        for nr, file in enumerate(store.files.inbox()):
            folder = self.any(folders, predictions[nr % len(predictions)])
            prediction = Prediction(folder, 0.9, ((folder, 0.9),), True, "a guess")
            store.predictions.put(file.fingerprint, PREDICTOR, prediction, now=1.0)
        rejections, held = store.files.rejections(), store.files.held()
        taken_back = {(named(content), "sort") for content in self.expected.taken_back}
        self.workspace.clock.advance(LONGEST_DELAY)  # what could not be moved before is tried again

        def sort() -> None:
            with other_disk() if across_disks else nullcontext():
                self.sorter.sort(PREDICTOR, now=self.workspace.clock())

        made = self.carried_out(sort)
        assert len({entry.fingerprint for entry in made}) == len(made), "of copies only one is moved"
        for entry in made:
            assert category_of(entry.destination) not in rejections.get(entry.fingerprint, ())
            assert entry.fingerprint not in held
            assert (entry.fingerprint, entry.kind) not in taken_back

    @rule(across_disks=st.booleans())
    def sidecars_follow(self, across_disks: bool = False) -> None:
        self.we_synchronize()
        mover, store = self.workspace.mover, self.workspace.store
        following = Following(store, mover, lambda _: None, StabilityTracker(0.0), 0.0)
        with other_disk() if across_disks else nullcontext():
            assert self.carried_out(lambda: following.follow(self.workspace.clock(), moving=True)) == []

    @precondition(lambda self: self.workspace.known())
    @rule(which=pick, folder=any_folder)
    def the_user_files_by_command(self, which: int, folder: str) -> None:
        """It is the user's word, so all must be known afterwards as after a drag."""
        self.we_synchronize()

        def file() -> None:
            Filing(self.workspace.mover).file([self.any(sorted(self.workspace.known()), which)], folder, new=True)
            if (self.root / folder).is_dir() and folder not in self.folders:
                self.folders[folder] = self.next_number()

        with self.the_user():
            for entry in self.carried_out(file):
                assert self.workspace.known()[entry.destination] == "user"
                assert entry.fingerprint not in self.workspace.store.files.held()
                assert folder not in self.workspace.store.files.rejections().get(entry.fingerprint, ())

    @rule(last=st.integers(1, 4), across_disks=st.booleans())
    def we_undo(self, last: int, across_disks: bool) -> None:
        with other_disk() if across_disks else nullcontext():
            self.took_back(self.carried_out(lambda: self.undoes(last)))

    def undoes(self, last: int) -> None:
        for entry in self.workspace.store.journal.latest(last):
            if entry.kind == "file":  # what that brings back is in tests/sorting/test_filing.py
                continue
            with suppress(UndoRefused, MoveRefused, MoveFailed):
                self.workspace.mover.undo(entry)

    def took_back(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            folder = category_of(entry.source)
            assert category_of(entry.destination) is None
            # What still lies in that category is the user's own copy, beside ours until now.
            copies = {both for both in self.contents() if named(both[0]) == entry.fingerprint}
            self.filed |= copies
            # If we have not seen a copy yet, it may as well have been filed after the undo. (A command looks first.)
            self.expected.taken_back -= {content for content, _ in copies}
            assert entry.fingerprint in self.workspace.store.files.held()
            assert folder in self.workspace.store.files.rejections()[entry.fingerprint]

    @rule(predictions=predictions)
    def we_synchronize_and_sort(self, predictions: list[int]) -> None:
        self.we_synchronize()
        self.we_sort(predictions)


@contextmanager
def other_disk() -> Iterator[None]:
    """Every move is one to another disk."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        as_if_other_disk(monkeypatch.setattr)
        yield
