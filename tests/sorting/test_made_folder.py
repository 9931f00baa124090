"""A folder that was made for a video goes when that is undone, if it is still ours and empty, and never otherwise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.workspace import Workspace

from sorterd.daemon.requests import Requests
from sorterd.sorting.made_folder import remove_made_folder
from sorterd.store.made_folders import MadeFolders


@pytest.fixture
def filed(workspace: Workspace) -> Workspace:
    """Two videos in a folder that was made for them."""
    workspace.take_in({"a.mp4": b"one", "b.mp4": b"two", "c.mp4": b"three"})
    ask(workspace, do="file", paths=["a.mp4", "b.mp4"], folder="new", new=True)
    workspace.synchronize()
    return workspace


def ask(workspace: Workspace, **request: object) -> dict[str, Any]:
    return Requests(workspace.store, workspace.mover, workspace.clock).handle(request)


def undo_all(workspace: Workspace) -> list[str]:
    removed: list[str] = ask(workspace, do="undo", last=9)["folders_removed"]
    assert ((workspace.root / "new").exists(), removed) in ((True, []), (False, ["new"]))
    return removed


def test_it_goes_with_the_last_video(filed: Workspace) -> None:
    assert ask(filed, do="undo", id=1)["folders_removed"] == []
    assert ask(filed, do="undo", id=2)["folders_removed"] == ["new"]
    assert set(filed.on_disk()) == {"a.mp4", "b.mp4", "c.mp4"}
    assert filed.synchronize().doubt is None
    assert filed.store.files.folders() == set()


def would_go(workspace: Workspace, **request: object) -> object:
    return ask(workspace, do="plan_undo", **request)["folders_removed"]


def test_a_dry_run_names_it_when_the_last_video_would_leave_and_removes_nothing(filed: Workspace) -> None:
    assert would_go(filed, id=1) == would_go(filed, id=2) == []
    assert would_go(filed, id=2, after=[1]) == would_go(filed, last=2) == ["new"]
    (filed.root / "new" / "b.srt").write_text("it goes back with its video")
    (filed.root / "new" / "b.txt").write_text("so does this")
    filed.synchronize()
    assert would_go(filed, last=2) == ["new"]
    (filed.root / "new" / "other.txt").write_text("the user's")
    assert would_go(filed, last=2) == []
    assert undo_all(filed) == []


def test_also_after_a_restart_and_when_sorterd_has_moved_something_into_it_since(filed: Workspace) -> None:
    filed.sort("c.mp4", "new")
    filed.restart()
    assert undo_all(filed) == ["new"]


def test_the_folder_of_a_filing_that_failed_goes_too(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one"})
    with (workspace.root / "a.mp4").open("ab"):
        answer = ask(workspace, do="file", paths=["a.mp4"], folder="new", new=True)
    assert [one["path"] for one in answer["refused"]] == ["a.mp4"]
    assert set(workspace.on_disk()) == {"a.mp4"}
    assert MadeFolders(workspace.store.connection).all() == {}


def test_a_folder_of_the_user_stays(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "new": {}})
    ask(workspace, do="file", paths=["a.mp4"], folder="new", new=True)
    assert undo_all(workspace) == []


def put(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(b"the user's")


def made_again(folder: Path) -> None:
    """The user's own folder takes the place of ours, with our videos in it."""
    ours = folder.with_name("ours")
    folder.rename(ours)
    folder.mkdir()
    for video in ours.iterdir():
        video.rename(folder / video.name)
    ours.rmdir()


@pytest.mark.parametrize("act", [put(".directory"), put("note.txt"), put("d.mp4"), made_again])
@pytest.mark.parametrize("seen", [True, False])
def test_one_that_the_user_has_used_or_made_stays(filed: Workspace, act: Callable[[Path], object], seen: bool) -> None:
    act(filed.root / "new")
    if seen:
        filed.synchronize()
    assert undo_all(filed) == []


def test_one_that_the_user_has_renamed_is_the_users(filed: Workspace) -> None:
    (filed.root / "new").rename(filed.root / "other")
    filed.synchronize()
    assert ask(filed, do="undo", last=9)["folders_removed"] == []
    assert (filed.root / "other").is_dir()
    assert MadeFolders(filed.store.connection).all() == {}


def test_a_link_in_its_place_is_not_followed(filed: Workspace, tmp_path: Path) -> None:
    made = MadeFolders(filed.store.connection)
    (tmp_path / "elsewhere").mkdir()
    (filed.root / "link").symlink_to(tmp_path / "elsewhere")
    made.add("link", (tmp_path / "elsewhere").stat().st_ino)
    assert not remove_made_folder(filed.root, filed.store, "link")
    assert (tmp_path / "elsewhere").is_dir()
