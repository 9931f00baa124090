"""Killed at any step of filing a video or taking that back, it was filed or not."""

from itertools import count
from pathlib import Path

import pytest
from support.killed import killed_at_every_step
from support.small_process import in_small_process
from support.workspace import Workspace

from sorterd.store.store import DATABASE
from sorting.filing import file
from sorting.test_mover import entry, rejections


@pytest.mark.parametrize(("act", "disk"), [("file", "other disk"), ("undo", "same disk")])
@in_small_process
def test_killed_at_any_step_it_was_filed_or_not(tmp_path: Path, act: str, disk: str) -> None:
    numbers = count()

    def prepare() -> Workspace:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        workspace = Workspace(folder / "videos", folder / "state")
        workspace.clock.now = 2e9
        workspace.take_in({"a.mp4": b"one", "dogs": {"d.mp4": b"two", "e.mp4": b"three"}, "cats": {}})
        workspace.sort("a.mp4")
        if act == "undo":
            file(workspace, "cats/a.mp4", folder="dogs")
        return workspace

    def do(workspace: Workspace) -> None:
        if act == "undo":
            workspace.mover.undo(workspace.store.journal.latest(1)[0])
        else:
            file(workspace, "cats/a.mp4", folder="dogs")

    outcomes = set()
    for workspace in killed_at_every_step(prepare, do, disk):
        if next(numbers) % 3 == 0:  # the database is lost as well
            workspace.close()
            for part in workspace.state.glob(f"{DATABASE}*"):
                part.unlink()
            workspace.open()
        workspace.synchronize(settle_moves=workspace.mover.recover)
        assert workspace.synchronize().changes == ()
        assert workspace.store.journal.unfinished() == []
        (path,) = workspace.known().keys() - {"dogs/d.mp4", "dogs/e.mp4"}
        assert (workspace.root / path).read_bytes() == b"one"
        ours, theirs = (path, workspace.known()[path]) == ("cats/a.mp4", "auto"), workspace.known()[path] == "user"
        assert ours or (theirs and path == "dogs/a.mp4")
        assert sum(map(len, rejections(workspace).values())) == int(theirs)
        assert entry(workspace).corrected is theirs
        outcomes.add(path)
        workspace.close()
    assert outcomes == {"cats/a.mp4", "dogs/a.mp4"}
