"""A folder that all its videos leave is still that folder, whatever is left in it and however they went."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.house import House
from support.tree import Tree


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
    house: House, drag: Drag, left: Tree, there: Tree | None
) -> None:
    house.lay_out({"keep.mp4": b"keep", "birds": {"a.mp4": b"video a", "b.mp4": b"video b", **left}})
    house.lay_out({} if there is None else {"cats": there})
    house.synchronize()
    (house.root / "cats").mkdir(exist_ok=True)
    for name in NAMES:
        drag(house.root / "birds" / name, house.root / "cats" / name)
    house.synchronize()
    for name in NAMES:
        assert house.known()[f"cats/{name}"] == "user"
        assert house.store.files.rejections()[house.content(f"cats/{name}")] == {"birds"}


@any_drag
@whatever_is_left
def test_videos_that_all_leave_a_folder_that_was_renamed_twice_are_taken_out_of_it(
    house: House, drag: Drag, left: Tree
) -> None:
    house.lay_out({"keep.mp4": b"keep", "dogs": {"a.mp4": b"video a", "b.mp4": b"video b", **left}})
    house.synchronize()
    for old, new in (("dogs", "pets"), ("pets", "birds")):
        house.drag(old, new)
        house.synchronize()
    (house.root / "cats").mkdir()
    for name in NAMES:
        drag(house.root / "birds" / name, house.root / "cats" / name)
    house.synchronize()
    for name in NAMES:
        assert house.store.files.rejections()[house.content(f"cats/{name}")] == {"birds"}


@any_drag
def test_videos_that_leave_one_of_two_folders_that_swapped_names_are_taken_out_of_it(house: House, drag: Drag) -> None:
    house.lay_out({"keep.mp4": b"keep", "dogs": {"a.mp4": b"video a", "a.jpg": b""}, "birds": {"b.mp4": b"video b"}})
    house.synchronize()
    for old, new in (("dogs", "aside"), ("birds", "dogs"), ("aside", "birds")):
        house.drag(old, new)
    house.synchronize()
    (house.root / "cats").mkdir()
    drag(house.root / "birds/a.mp4", house.root / "cats/a.mp4")
    house.synchronize()
    assert house.known() == {"keep.mp4": None, "dogs/b.mp4": "user", "cats/a.mp4": "user"}
    assert house.store.files.rejections() == {house.content("cats/a.mp4"): {"birds"}}


@any_drag
def test_folders_that_swapped_names_are_two_renames_although_one_video_lies_under_its_old_path(
    house: House, drag: Drag
) -> None:
    house.lay_out({"keep.mp4": b"keep", "dogs": {"a.mp4": b"video a", "c.mp4": b"video c"}, "birds": {}})
    house.synchronize()
    house.sort("keep.mp4", "birds")
    drag(house.root / "dogs/a.mp4", house.root / "birds/a.mp4")
    for old, new in (("dogs", "aside"), ("birds", "dogs"), ("aside", "birds")):
        house.drag(old, new)
    house.synchronize()
    assert house.known() == {"dogs/keep.mp4": "auto", "dogs/a.mp4": "user", "birds/c.mp4": "user"}
    assert house.store.files.rejections() == {house.content("dogs/a.mp4"): {"birds"}}


@any_drag
def test_a_folder_that_took_the_name_of_a_renamed_one_was_renamed_although_a_video_lies_under_its_old_path(
    house: House, drag: Drag
) -> None:
    house.lay_out({"keep.mp4": b"keep", "cats": {"a.mp4": b"video a", "b.mp4": b"video b"}, "dogs": {}})
    house.synchronize()
    house.sort("keep.mp4", "dogs")
    drag(house.root / "cats/a.mp4", house.root / "dogs/a.mp4")
    house.drag("cats", "birds")
    house.drag("dogs", "cats")
    house.synchronize()
    assert house.known() == {"cats/keep.mp4": "auto", "cats/a.mp4": "user", "birds/b.mp4": "user"}
    assert house.store.files.rejections() == {house.content("cats/a.mp4"): {"birds"}}


@any_drag
@whatever_is_left
def test_a_folder_renamed_and_emptied_between_two_synchronizations_was_not_renamed_to_where_its_videos_are(
    house: House, drag: Drag, left: Tree
) -> None:
    house.lay_out({"keep.mp4": b"keep", "c.mp4": b"video c", "dogs": {"b.mp4": b"video b", **left}})
    house.synchronize()
    house.sort("c.mp4", "dogs")
    house.drag("dogs", "birds")
    (house.root / "cats").mkdir()
    for name in ("b.mp4", "c.mp4"):
        drag(house.root / "birds" / name, house.root / "cats" / name)
    house.synchronize()
    assert house.known() == {"keep.mp4": None, "cats/b.mp4": "user", "cats/c.mp4": "user"}


@any_drag
@whatever_is_left
def test_what_is_taken_out_one_after_the_other_is_taken_out_of_it(house: House, drag: Drag, left: Tree) -> None:
    house.lay_out({"keep.mp4": b"keep", "birds": {"a.mp4": b"video a", "b.mp4": b"video b", **left}})
    house.synchronize()
    drag(house.root / "birds/a.mp4", house.root / "a.mp4")
    house.synchronize()
    (house.root / "cats").mkdir()
    drag(house.root / "birds/b.mp4", house.root / "cats/b.mp4")
    house.synchronize()
    assert house.store.files.rejections() == {house.content("a.mp4"): {"birds"}, house.content("cats/b.mp4"): {"birds"}}


@any_drag
@whatever_is_left
@pytest.mark.parametrize("to", ["", "cats"], ids=["to the inbox", "to a folder"])
def test_what_leaves_a_folder_before_its_new_name_was_seen_is_rejected_under_the_new_one(
    house: House, drag: Drag, left: Tree, to: str
) -> None:
    house.lay_out({"keep.mp4": b"keep", "cats": {}, "dogs": {"a.mp4": b"video a", "b.mp4": b"video b", **left}})
    house.synchronize()
    house.drag("dogs", "birds")
    for name in NAMES:
        drag(house.root / "birds" / name, house.root / to / name)
    house.synchronize()
    for name in NAMES:
        assert house.store.files.rejections()[house.content(f"{to}/{name}".lstrip("/"))] == {"birds"}


def test_rejections_follow_an_empty_folder_to_its_new_names(house: House) -> None:
    house.lay_out({"dogs": {"a.mp4": b"video a"}})
    house.synchronize()
    house.drag("dogs/a.mp4", "a.mp4")
    for name in ("pets", "birds"):
        house.synchronize()
        house.drag("dogs" if name == "pets" else "pets", name)
    house.synchronize()
    assert house.store.files.rejections() == {house.content("a.mp4"): {"birds"}}


def test_rejections_follow_an_empty_folder_that_swapped_names_with_a_full_one(house: House) -> None:
    house.lay_out({"dogs": {"a.mp4": b"video a"}, "birds": {"b.mp4": b"video b", "c.mp4": b"video c"}})
    house.synchronize()
    house.drag("dogs/a.mp4", "a.mp4")
    house.drag("birds/b.mp4", "b.mp4")
    house.synchronize()
    for old, new in (("dogs", "aside"), ("birds", "dogs"), ("aside", "birds")):
        house.drag(old, new)
    house.synchronize()
    assert house.store.files.rejections() == {house.content("a.mp4"): {"birds"}, house.content("b.mp4"): {"dogs"}}


def test_rejections_follow_two_empty_folders_that_swapped_names(house: House) -> None:
    house.lay_out({"dogs": {"a.mp4": b"video a"}, "birds": {"b.mp4": b"video b"}})
    house.synchronize()
    house.drag("dogs/a.mp4", "a.mp4")
    house.drag("birds/b.mp4", "b.mp4")
    house.synchronize()
    for old, new in (("dogs", "aside"), ("birds", "dogs"), ("aside", "birds")):
        house.drag(old, new)
    house.synchronize()
    assert house.store.files.rejections() == {house.content("a.mp4"): {"birds"}, house.content("b.mp4"): {"dogs"}}


def test_a_new_empty_folder_says_nothing_about_one_that_was_deleted(house: House) -> None:
    house.lay_out({"dogs": {"a.mp4": b"video a"}})
    house.synchronize()
    house.drag("dogs/a.mp4", "a.mp4")
    house.synchronize()
    (house.root / "birds").mkdir()
    (house.root / "dogs").rmdir()
    house.synchronize()
    assert house.store.files.rejections() == {house.content("a.mp4"): {"dogs"}}
