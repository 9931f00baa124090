"""What the user rejects without moving the video."""

from support.workspace import Workspace

from sorterd.sorting.rejecting import reject, withdraw


def test_a_rejection_outlives_the_database_and_so_does_its_withdrawal(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"a", "cats": {"tom.mp4": b"tom"}, "dogs": {"rex.mp4": b"rex"}})
    file = workspace.at("a.mp4")
    assert reject(workspace.store, file, ["cats", "dogs", "cats", "birds"], now=1.0) == ["cats", "dogs"]
    assert withdraw(workspace.store, file, ["dogs", "birds"]) == ["dogs"]
    workspace.close()
    (workspace.state / "sorterd.sqlite3").unlink()
    workspace.open()
    assert workspace.store.files.rejections() == {file.fingerprint: {"cats"}}
