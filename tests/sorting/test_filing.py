"""Videos that the user files by command: moved as we move, and counted as a drag."""

from pathlib import Path

import pytest
from support.workspace import Workspace

from sorterd.store.store import DATABASE
from sorting.filing import LIBRARY, file
from sorting.test_mover import entry, rejections

BEFORE = ["inbox", "of the user", "ours", "confirmed", "undone", "rejected", "filed before"]


def to_be_filed(workspace: Workspace, before: str) -> tuple[str, str]:
    """Bring about one of the states BEFORE. Return the path of the video and the folder that it is to be filed in."""
    path, folder = "a.mp4", "dogs"
    match before:
        case "of the user":
            path = "cats/c.mp4"
        case "ours" | "confirmed":
            workspace.sort("a.mp4")
            path = "cats/a.mp4"
            if before == "confirmed":
                workspace.store.files.confirm(path, now=1.0)
        case "undone":
            workspace.sort("a.mp4")
            workspace.mover.undo(entry(workspace))
            folder = "cats"
        case "rejected":
            workspace.drag("cats/c.mp4", "c.mp4")
            workspace.synchronize()
            path, folder = "c.mp4", "cats"
        case "filed before":
            assert file(workspace, path, folder="cats") == {path: "cats/a.mp4"}
            path = "cats/a.mp4"
    return path, folder


def said(workspace: Workspace) -> dict[str, object]:
    """All that is known of labels, and what was taught."""
    files = {path: (one.fingerprint, one.source) for path, one in workspace.store.files.known().files.items()}
    return {
        "files": files,
        "labels": workspace.store.files.labels(),
        "rejections": rejections(workspace),
        "held": workspace.store.files.held(),
        "corrected": [n for (n,) in workspace.store.connection.execute("SELECT id FROM moves WHERE corrected")],
        "counts": workspace.store.journal.counts(),
        "categories": workspace.store.files.category_folders(),
    }


def drag_or_file(workspace: Workspace, how: str, source: str, folder: str) -> None:
    if how == "drag":
        workspace.drag(source, f"{folder}/{source.rpartition('/')[2]}")
    else:
        assert file(workspace, source, folder=folder) == {source: f"{folder}/{source.rpartition('/')[2]}"}
    assert workspace.synchronize().changes == () or how == "drag"


@pytest.mark.parametrize("before", BEFORE)
def test_to_file_a_video_is_to_drag_it(tmp_path: Path, before: str) -> None:
    outcomes = []
    for how in ("drag", "file"):
        workspace = Workspace(tmp_path / how, tmp_path / f"{how}-state")
        workspace.clock.now = 2e9
        workspace.take_in({key: value for key, value in LIBRARY.items() if key != "a.jpg"})
        path, folder = to_be_filed(workspace, before)
        drag_or_file(workspace, how, path, folder)
        found = said(workspace)
        found["categories"] = set(workspace.store.files.category_folders())
        found["on disk"] = workspace.on_disk()
        if before == "filed before":  # of which only the command knows
            found["corrected"] = []
        outcomes.append(found)
        workspace.close()
    assert outcomes[0] == outcomes[1]


def test_it_goes_with_its_sidecars_and_is_a_label_of_the_user(filled: Workspace) -> None:
    assert file(filled, "a.mp4") == {"a.mp4": "cats/a.mp4"}
    assert filled.on_disk()["cats"] == {"a.mp4": b"one", "a.jpg": b"picture", "c.mp4": b"three"}
    assert filled.known()["cats/a.mp4"] == "user"
    made = entry(filled)
    assert (made.kind, made.step, made.confidence) == ("file", "done", None)
    filled.restart()
    assert filled.synchronize().changes == ()


def test_a_taken_name_gets_a_number(filled: Workspace) -> None:
    filled.take_in({"cats": {"a.mp4": b"other"}})
    assert file(filled, "a.mp4") == {"a.mp4": "cats/a (2).mp4"}
    assert (filled.root / "cats/a.mp4").read_bytes() == b"other"
    assert (filled.root / "cats/a (2).jpg").read_bytes() == b"picture"


def test_what_cannot_be_filed_does_not_hold_up_the_others(filled: Workspace) -> None:
    filled.sort("b.mp4")
    (filled.root / "dogs/d.mp4").write_bytes(b"changed")
    paths = ("nowhere.mp4", "cats/c.mp4", "cats/b.mp4", "dogs/d.mp4", "a.jpg", "a.mp4", "a.mp4")
    assert file(filled, *paths) == {
        "nowhere.mp4": "no video is known at nowhere.mp4; 'sorterd find' looks for one by name",
        "a.jpg": "a.jpg is left alone: its extension is none of a video",
        "cats/c.mp4": "cats/c.mp4 is in cats already",
        "cats/b.mp4": "cats/b.mp4 is in cats already; 'confirm' accepts that it belongs there",
        "dogs/d.mp4": "dogs/d.mp4 changed since it was looked at; try again in a moment",
        "a.mp4": "cats/a.mp4",
    }


def test_of_what_has_gone_elsewhere_it_says_where(filled: Workspace) -> None:
    filled.sort("b.mp4")
    filled.drag("cats/c.mp4", "dogs/c.mp4")
    filled.synchronize()
    assert file(filled, "b.mp4", "cats/c.mp4", folder="dogs") == {
        "b.mp4": "no video is known at b.mp4; it is cats/b.mp4 now",
        "cats/c.mp4": "no video is known at cats/c.mp4; it is dogs/c.mp4 now",
    }


@pytest.mark.parametrize("before", BEFORE)
def test_undo_puts_it_back_with_all_that_was_said_of_it(filled: Workspace, before: str) -> None:
    path, folder = to_be_filed(filled, before)
    told, disk = said(filled), filled.on_disk()
    file(filled, path, folder=folder)
    assert said(filled) != told
    filled.close()
    for part in filled.state.glob(f"{DATABASE}*"):  # what was said before is in the journal
        part.unlink()
    filled.open()
    (latest,) = filled.store.journal.latest(1)
    filled.mover.undo(latest)
    assert said(filled) == told
    assert filled.on_disk() == disk
    assert filled.synchronize().changes == ()


def test_what_was_filed_twice_is_taken_back_in_two_steps(filled: Workspace) -> None:
    told = said(filled)
    file(filled, "a.mp4", folder="cats")
    file(filled, "cats/a.mp4", folder="dogs")
    for _ in range(2):
        filled.mover.undo(filled.store.journal.latest(1)[0])
    assert said(filled) == told
    assert filled.store.journal.latest(1) == []


def test_a_renamed_video_or_folder_goes_back_from_there(filled: Workspace) -> None:
    file(filled, "a.mp4")
    filled.drag("cats/a.mp4", "cats/ada.mp4")
    filled.drag("cats", "lions")
    filled.synchronize()
    filled.mover.undo(entry(filled))
    assert filled.known()["ada.mp4"] is None
    assert rejections(filled) == {}


def test_what_the_user_has_put_elsewhere_since_stays(filled: Workspace) -> None:
    file(filled, "a.mp4")
    filled.drag("cats/a.mp4", "dogs/a.mp4")
    filled.synchronize()
    assert filled.store.journal.latest(1) == []
    with pytest.raises(Exception, match="has been moved or changed since"):
        filled.mover.undo(entry(filled))
