"""What may happen to sorterd at any time: crashes, restarts, and the loss of a file of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import rule

from daemon.machine.names import predictions
from daemon.machine.our_rules import OurRules
from sorterd.sorting.mover import Mover
from sorterd.store.journal_file import JOURNAL
from sorterd.store.store import DATABASE


class CutShort(Exception):
    """A crash in the middle of a move."""


CRASHES: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "before anything moved": lambda: patch("sorterd.sorting.mover.carry_out", side_effect=CutShort),
    "before the sidecars followed": lambda: patch("sorterd.library.move._move_sidecars", side_effect=CutShort),
    "before it was recorded": lambda: patch.object(Mover, "_record", side_effect=CutShort),
}


class CrashRules(OurRules):
    """After each of these sorterd goes on as if nothing had been."""

    @rule(
        predictions=predictions, crash=st.sampled_from(sorted(CRASHES)), across_disks=st.booleans(), undo=st.booleans()
    )
    def we_crash_in_the_middle_of_a_move(
        self, predictions: list[int], crash: str, across_disks: bool, undo: bool
    ) -> None:
        def crash_and_recover() -> None:
            with CRASHES[crash](), suppress(CutShort):
                if undo:
                    self.we_undo(len(predictions), across_disks)
                else:
                    self.we_sort(predictions, across_disks)
            self.we_restart()
            self.workspace.mover.recover()
            assert self.workspace.store.journal.unfinished() == []

        self.took_back(entry for entry in self.carried_out(crash_and_recover) if entry.kind == "undo")

    @rule()
    def we_restart(self) -> None:
        self.workspace.restart()
        self.sorter = self.new_sorting()

    @rule(what=st.sampled_from(["the log", "the database", "the journal"]))
    def we_synchronize_and_lose(self, what: str) -> None:
        """Nothing is lost after a sync."""

        def all_that_matters() -> list[object]:
            store = self.workspace.store
            said = [store.files.labels(), store.files.rejections(), store.files.held()]
            return [*said, self.workspace.known(), store.journal.latest(-1)]

        self.we_synchronize()
        before = all_that_matters()
        self.we_lose(what)
        self.we_synchronize()
        assert all_that_matters() == before

    @rule(what=st.sampled_from(["the log", "the database", "the journal"]))
    def we_lose(self, what: str) -> None:
        """The database itself, what was not in it yet but in its write-ahead log, or the journal of both."""
        place = self.workspace.state / DATABASE
        without_log = place.read_bytes()
        self.workspace.close()
        lost = [JOURNAL] if what == "the journal" else [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"]
        for name in lost:
            place.with_name(name).unlink(missing_ok=True)
        if what == "the log":
            place.write_bytes(without_log)
        self.workspace.open()
        self.sorter = self.new_sorting()
