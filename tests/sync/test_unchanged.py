"""A look at the disk that changes nothing says whether a sync would find anything."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.workspace import Workspace

from sorterd.library.layout import LayoutRules
from sorterd.sync.unchanged import unchanged

CHANGES: dict[str, Callable[[Path], object]] = {
    "a new file": lambda root: (root / "new.mp4").write_bytes(b"new"),
    "a file that is gone": lambda root: (root / "a.mp4").unlink(),
    "a moved file": lambda root: (root / "a.mp4").rename(root / "cats" / "a.mp4"),
    "other content in its place": lambda root: (root / "a.mp4").write_bytes(b"other"),
    "the same size at another time": lambda root: os.utime(root / "a.mp4", (5, 5)),
    "a new folder": lambda root: (root / "dogs").mkdir(),
    "a renamed folder": lambda root: (root / "cats").rename(root / "mice"),
    "an empty folder that is gone": lambda root: (root / "empty").rmdir(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_is_seen_until_a_sync_learns_it(workspace: Workspace, change: Callable[[Path], object]) -> None:
    def as_known() -> bool:
        return unchanged(workspace.root, LayoutRules.of(["mp4"], []), workspace.store, now=workspace.clock())

    workspace.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}, "empty": {}})
    assert not as_known()
    workspace.synchronize()
    assert as_known()
    change(workspace.root)
    assert not as_known()
    workspace.synchronize()
    assert as_known()
