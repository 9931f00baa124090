"""A library goes to another machine: the videos and the journal are copied, nothing else."""

import shutil
from pathlib import Path

from support.running import Running, Words
from support.workspace import Workspace

from sorterd.config import Config
from sorterd.daemon.library import claim
from sorterd.store.journal_file import JOURNAL


def test_labels_rejections_and_moves_come_along(workspace: Workspace, tmp_path: Path) -> None:
    workspace.lay_out(
        {
            "cats": {"c1.mp4": b"cat 1", "c2.mp4": b"cat 2", "caf\udce9.mp4": b"cat 3"},
            "dogs": {"d1.mp4": b"dog 1", "d2.mp4": b"dog 2", "d3.mp4": b"dog 3"},
            "a.mp4": b"cat 4", "b.mp4": b"cat 5", "c.mp4": b"cat 6",
        }
    )  # fmt: skip
    claim(workspace.store, Config(videos=workspace.root, state_dir=workspace.state), accept_missing=False)
    before = Running(workspace, Words(workspace.clock))
    before.run()
    ours = {path for path, source in workspace.known().items() if source == "auto"}
    assert ours == {"cats/a.mp4", "cats/b.mp4", "cats/c.mp4"}, "it has moved them"
    before.request(do="confirm", path="cats/b.mp4")
    before.request(do="undo", id=3)
    workspace.drag("dogs/d3.mp4", "d3.mp4")
    before.run()
    known, refused, held = workspace.known(), workspace.store.files.rejections(), workspace.store.files.held()
    assert len(refused) == 2
    assert len(held) == 1
    workspace.close()

    videos, state = tmp_path / "new videos", tmp_path / "new state"
    shutil.copytree(workspace.root, videos, copy_function=shutil.copyfile)  # other inodes, other times
    state.mkdir()
    shutil.copy(workspace.state / JOURNAL, state)
    there = Workspace(videos, state, workspace.clock)
    claim(there.store, Config(videos=videos, state_dir=state), accept_missing=True)
    after = Running(there, Words(there.clock))
    after.run()
    assert there.known() == known
    assert there.store.files.rejections() == refused
    assert there.store.files.held() == held
    assert len(after.worker.extracted) == len(known), "features are made again"
    assert after.request(do="undo")["undone"]
    assert "a.mp4" in after.on_disk
    there.close()
