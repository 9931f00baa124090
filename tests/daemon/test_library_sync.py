"""How soon a hint leads to the next sync."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from sorterd.daemon.library import Library
from sorterd.daemon.library_sync import LibrarySync
from sorterd.sync.synchronizer import SyncResult


@pytest.mark.parametrize(("worked", "took", "read", "waits"), [
    (0.0, 0.0, 0.0, 0.3), (0.2, 0.2, 0.0, 2.0), (0.2, 3.0, 0.0, 6.0), (0.2, 30.0, 0.0, 60.0), (1.2, 1.7, 1.5, 2.0),
], ids=["a drag is one", "a tenth of a processor", "a busy machine", "a slow share", "not what is read"])  # fmt: skip
def test_a_hint_waits_as_long_as_the_last_sync_has_kept_others_waiting(
    worked: float, took: float, read: float, waits: float
) -> None:
    now = {"timer": 100.0, "processor": 10.0}

    def synchronize(**_: Any) -> SyncResult:
        now["timer"] += took
        now["processor"] += worked
        return SyncResult(reading=read)

    library = SimpleNamespace(synchronize=synchronize, report=lambda _: None)
    sync = LibrarySync(cast(Library, library), 3600.0, lambda: now["timer"], lambda: now["processor"])
    assert sync.run(lambda: False)
    sync.hint()
    assert sync.due_at - now["timer"] == pytest.approx(waits)
