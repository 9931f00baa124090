"""A folder that all its videos leave is still that folder, whatever is left in it and however they went."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.tree import Tree
from support.workspace import Workspace


def moved(source: Path, target: Path) -> None:
    source.rename(target)


def copied_then_deleted(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    source.unlink()


def copied_with_its_time_then_deleted(source: Path, target: Path) -> None:
    shutil.copy2(source, target)
    source.unlink()


Drag = Callable[[Path, Path], None]
NAMES = ("a.mp4", "b.mp4")
any_drag = pytest.mark.parametrize("drag", [moved, copied_then_deleted, copied_with_its_time_then_deleted])
whatever_is_left = pytest.mark.parametrize(
    "left", [{}, {"a.jpg": b""}, {"deep": {"a.jpg": b""}}], ids=["nothing left", "a sidecar left", "one deeper left"]
)


@any_drag
@whatever_is_left
@pytest.mark.parametrize("there", [None, {}, {"x.jpg": b""}, {"x.mp4": b"x"}], ids=["new", "empty", "jpg", "video"])
def test_videos_that_all_go_to_one_other_folder_are_taken_out(
    workspace: Workspace, drag: Drag, left: Tree, there: Tree | None
) -> None:
    workspace.lay_out({"keep.mp4": b"keep", "birds": {"a.mp4": b"video a", "b.mp4": b"video b", **left}})
    workspace.take_in({} if there is None else {"cats": there})
    (workspace.root / "cats").mkdir(exist_ok=True)
    for name in NAMES:
        drag(workspace.root / "birds" / name, workspace.root / "cats" / name)
    workspace.synchronize()
    for name in NAMES:
        assert workspace.known()[f"cats/{name}"] == "user"
        assert workspace.store.files.rejections()[workspace.content(f"cats/{name}")] == {"birds"}


@any_drag
@whatever_is_left
def test_videos_that_leave_a_folder_renamed_twice_are_taken_out(workspace: Workspace, drag: Drag, left: Tree) -> None:
    workspace.take_in({"keep.mp4": b"keep", "dogs": {"a.mp4": b"video a", "b.mp4": b"video b", **left}})
    for old, new in (("dogs", "pets"), ("pets", "birds")):
        workspace.drag(old, new)
        workspace.synchronize()
    (workspace.root / "cats").mkdir()
    for name in NAMES:
        drag(workspace.root / "birds" / name, workspace.root / "cats" / name)
    workspace.synchronize()
    for name in NAMES:
        assert workspace.store.files.rejections()[workspace.content(f"cats/{name}")] == {"birds"}


@any_drag
def test_videos_that_leave_one_of_two_swapped_folders_are_taken_out_of_it(workspace: Workspace, drag: Drag) -> None:
    workspace.take_in(
        {"keep.mp4": b"keep", "dogs": {"a.mp4": b"video a", "a.jpg": b""}, "birds": {"b.mp4": b"video b"}}
    )
    for old, new in (("dogs", "aside"), ("birds", "dogs"), ("aside", "birds")):
        workspace.drag(old, new)
    workspace.synchronize()
    (workspace.root / "cats").mkdir()
    drag(workspace.root / "birds/a.mp4", workspace.root / "cats/a.mp4")
    workspace.synchronize()
    assert workspace.known() == {"keep.mp4": None, "dogs/b.mp4": "user", "cats/a.mp4": "user"}
    assert workspace.store.files.rejections() == {workspace.content("cats/a.mp4"): {"birds"}}


@any_drag
def test_folders_that_swapped_names_are_two_renames_if_one_video_went_back(workspace: Workspace, drag: Drag) -> None:
    workspace.take_in({"keep.mp4": b"keep", "dogs": {"a.mp4": b"video a", "c.mp4": b"video c"}, "birds": {}})
    workspace.sort("keep.mp4", "birds")
    drag(workspace.root / "dogs/a.mp4", workspace.root / "birds/a.mp4")
    for old, new in (("dogs", "aside"), ("birds", "dogs"), ("aside", "birds")):
        workspace.drag(old, new)
    workspace.synchronize()
    assert workspace.known() == {"dogs/keep.mp4": "auto", "dogs/a.mp4": "user", "birds/c.mp4": "user"}
    assert workspace.store.files.rejections() == {workspace.content("dogs/a.mp4"): {"birds"}}


@any_drag
def test_a_folder_that_took_the_name_of_a_renamed_one_was_renamed_although_a_video_lies_under_its_old_path(
    workspace: Workspace, drag: Drag
) -> None:
    workspace.take_in({"keep.mp4": b"keep", "cats": {"a.mp4": b"video a", "b.mp4": b"video b"}, "dogs": {}})
    workspace.sort("keep.mp4", "dogs")
    drag(workspace.root / "cats/a.mp4", workspace.root / "dogs/a.mp4")
    workspace.drag("cats", "birds")
    workspace.drag("dogs", "cats")
    workspace.synchronize()
    assert workspace.known() == {"cats/keep.mp4": "auto", "cats/a.mp4": "user", "birds/b.mp4": "user"}
    assert workspace.store.files.rejections() == {workspace.content("cats/a.mp4"): {"birds"}}


@any_drag
@whatever_is_left
def test_a_folder_renamed_and_emptied_between_two_synchronizations_was_not_renamed_to_where_its_videos_are(
    workspace: Workspace, drag: Drag, left: Tree
) -> None:
    workspace.take_in({"keep.mp4": b"keep", "c.mp4": b"video c", "dogs": {"b.mp4": b"video b", **left}})
    workspace.sort("c.mp4", "dogs")
    workspace.drag("dogs", "birds")
    (workspace.root / "cats").mkdir()
    for name in ("b.mp4", "c.mp4"):
        drag(workspace.root / "birds" / name, workspace.root / "cats" / name)
    workspace.synchronize()
    assert workspace.known() == {"keep.mp4": None, "cats/b.mp4": "user", "cats/c.mp4": "user"}


@any_drag
@whatever_is_left
def test_what_is_taken_out_one_after_the_other_is_taken_out_of_it(workspace: Workspace, drag: Drag, left: Tree) -> None:
    workspace.take_in({"keep.mp4": b"keep", "birds": {"a.mp4": b"video a", "b.mp4": b"video b", **left}})
    drag(workspace.root / "birds/a.mp4", workspace.root / "a.mp4")
    workspace.synchronize()
    (workspace.root / "cats").mkdir()
    drag(workspace.root / "birds/b.mp4", workspace.root / "cats/b.mp4")
    workspace.synchronize()
    assert workspace.store.files.rejections() == {
        workspace.content("a.mp4"): {"birds"},
        workspace.content("cats/b.mp4"): {"birds"},
    }


@any_drag
@whatever_is_left
@pytest.mark.parametrize("to", ["", "cats"], ids=["to the inbox", "to a folder"])
def test_what_leaves_a_folder_before_its_new_name_was_seen_is_rejected_under_the_new_one(
    workspace: Workspace, drag: Drag, left: Tree, to: str
) -> None:
    workspace.take_in({"keep.mp4": b"keep", "cats": {}, "dogs": {"a.mp4": b"video a", "b.mp4": b"video b", **left}})
    workspace.drag("dogs", "birds")
    for name in NAMES:
        drag(workspace.root / "birds" / name, workspace.root / to / name)
    workspace.synchronize()
    for name in NAMES:
        assert workspace.store.files.rejections()[workspace.content(f"{to}/{name}".lstrip("/"))] == {"birds"}


def test_rejections_follow_an_empty_folder_to_its_new_names(workspace: Workspace) -> None:
    workspace.take_in({"dogs": {"a.mp4": b"video a"}})
    workspace.drag("dogs/a.mp4", "a.mp4")
    for name in ("pets", "birds"):
        workspace.synchronize()
        workspace.drag("dogs" if name == "pets" else "pets", name)
    workspace.synchronize()
    assert workspace.store.files.rejections() == {workspace.content("a.mp4"): {"birds"}}


@pytest.mark.parametrize("left", [{}, {"c.mp4": b"video c"}], ids=["an empty one", "a full one"])
def test_rejections_follow_an_empty_folder_that_swapped_names(workspace: Workspace, left: dict[str, bytes]) -> None:
    workspace.take_in({"dogs": {"a.mp4": b"video a"}, "birds": {"b.mp4": b"video b", **left}})
    workspace.drag("dogs/a.mp4", "a.mp4")
    workspace.drag("birds/b.mp4", "b.mp4")
    workspace.synchronize()
    for old, new in (("dogs", "aside"), ("birds", "dogs"), ("aside", "birds")):
        workspace.drag(old, new)
    workspace.synchronize()
    assert workspace.store.files.rejections() == {
        workspace.content("a.mp4"): {"birds"},
        workspace.content("b.mp4"): {"dogs"},
    }


def test_a_new_empty_folder_says_nothing_about_one_that_was_deleted(workspace: Workspace) -> None:
    workspace.take_in({"dogs": {"a.mp4": b"video a"}})
    workspace.drag("dogs/a.mp4", "a.mp4")
    workspace.synchronize()
    (workspace.root / "birds").mkdir()
    (workspace.root / "dogs").rmdir()
    workspace.synchronize()
    assert workspace.store.files.rejections() == {workspace.content("a.mp4"): {"dogs"}}
