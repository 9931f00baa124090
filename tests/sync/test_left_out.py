"""What a sync leaves out is counted in the status document."""

import time
from pathlib import Path

from support.tree import make
from support.workspace import Clock, Workspace

from sorterd.config import Config
from sorterd.daemon.status import status

FILM = b"\0\0\0\x18ftypisom"


def test_everything_that_is_left_out_is_counted_with_its_reason(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", Clock(time.time() + 10))
    make(workspace.root, {"clip": FILM, "b.unknown_video": FILM, ".x.mp4": b"text", "cats": {"a.mp4": b"1", "c": FILM}})
    make(workspace.root, {"x.f137.mp4": b"2", "y.mp4": b"3", "y.mp4.aria2": b"", "line\nbreak\udce9.f1.mp4": b"4"})
    make(workspace.root, {"P.photoslibrary": {}, ".secret": {}})
    (workspace.root / "link.mp4").symlink_to("a.mp4")
    seen = workspace.synchronize()
    config = Config(videos=workspace.root, state_dir=workspace.state)
    document = status(config, workspace.store, None, None, now=workspace.clock())
    assert document["left_alone"] == {
        "no extension": 2,
        "kind that is not in 'watch.extensions' (.unknown_video)": 1,
        "hidden file (its name begins with a dot) that does not begin like a video": 1,
        "package of another program": 1,
        "hidden folder (its name begins with a dot)": 1,
        "symbolic link, which is not followed": 1,
    }
    waiting = {one["path"]: one for one in document["waiting"]}
    assert waiting.keys() == {"x.f137.mp4", "y.mp4", "line\nbreak\udce9.f1.mp4"}
    assert waiting["y.mp4"] == {
        "path": "y.mp4",
        "reason": "y.mp4.aria2 beside it says that it is not whole yet",
        "until": None,
    }
    assert waiting["x.f137.mp4"]["until"] == next(wait.until for wait in seen.waiting if wait.path == "x.f137.mp4")
    (workspace.root / "clip").rename(workspace.root / "clip.mp4")
    (workspace.root / "cats" / "c").unlink()
    workspace.synchronize()
    assert "no extension" not in status(config, workspace.store, None, None, now=workspace.clock())["left_alone"]
    workspace.close()
