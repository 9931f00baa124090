"""What we had moved is dragged away while a copy of it is being written beside it."""

import pytest
from support.simulation import Simulation, library, story
from support.workspace import Workspace


@pytest.mark.parametrize("target", ["a.mp4", "cats/a.mp4", "cats/other name.mp4"])
@pytest.mark.parametrize(
    ("copy", "written"),
    [
        ("dogs/a (2).mp4", "one"),
        ("dogs/a (2).mp4", "half a copy"),
        ("dogs/a - Copy.mp4", "half a copy"),
        ("dogs/another name.mp4", "one"),
        ("dogs/deeper/a.mp4", "one"),
    ],
)
def test_a_copy_of_ours_that_is_not_read_yet_when_the_user_drags_ours_away_is_still_ours(
    sim: Simulation, target: str, copy: str, written: str
) -> None:
    disk = library(sim, {"dogs/a.mp4": "one", "cats/b.mp4": "seven"}, by_us=["dogs/a.mp4"])
    disk.put(copy, written)
    disk.unsettled.add(copy)
    disk.move("dogs/a.mp4", target)
    assert sim.synchronize() == [], "what is written there may be a copy"
    assert sim.rejections() == {}
    disk.put(copy, "one")
    disk.unsettled.clear()
    assert story(sim.synchronize()) == [("moved", "dogs/a.mp4", target), ("copied", target, copy)]
    assert sim.sources() == {copy: "auto", target: "user" if "/" in target else None, "cats/b.mp4": "user"}


def test_what_the_user_drags_away_counts_at_once_if_what_is_not_read_yet_proves_to_be_no_copy(
    sim: Simulation,
) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.put("dogs/b.mp4", "two")
    disk.unsettled.add("dogs/b.mp4")
    disk.move("dogs/a.mp4", "a.mp4")
    assert sim.synchronize() == []
    disk.unsettled.clear()
    sim.synchronize()
    assert sim.rejections() == {"one": {"dogs"}}
    assert sim.sources() == {"a.mp4": None, "dogs/b.mp4": "user"}


@pytest.mark.parametrize("unread", ["dogs/b.mp4", "cats/a (2).mp4", "a (2).mp4"])
def test_a_drag_is_not_held_up_by_a_new_file_that_differs_or_lies_elsewhere(sim: Simulation, unread: str) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.put(unread, "longer" if unread.startswith("dogs") else "one")
    disk.unsettled.add(unread)
    disk.move("dogs/a.mp4", "a.mp4")
    assert story(sim.synchronize()) == [("moved", "dogs/a.mp4", "a.mp4")]
    assert sim.rejections() == {"one": {"dogs"}}


def test_a_drag_of_what_the_user_filed_and_a_renaming_are_not_held_up_by_a_copy(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one", "dogs/b.mp4": "seven"}, by_us=["dogs/b.mp4"])
    for source, target in (("dogs/a.mp4", "a.mp4"), ("dogs/b.mp4", "dogs/c.mp4")):
        disk.copy(source, source.replace(".", " (2)."))
        disk.unsettled.add(source.replace(".", " (2)."))
        disk.move(source, target)
    moves = [("moved", "dogs/a.mp4", "a.mp4"), ("moved", "dogs/b.mp4", "dogs/c.mp4")]
    assert sorted(story(sim.synchronize())) == moves


def test_a_drag_that_waits_for_a_copy_is_not_lost_when_another_video_takes_the_place(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.copy("dogs/a.mp4", "dogs/a (2).mp4")
    disk.unsettled.add("dogs/a (2).mp4")
    disk.move("dogs/a.mp4", "a.mp4")
    sim.synchronize()
    disk.put("dogs/a.mp4", "other")
    sim.synchronize()
    disk.unsettled.clear()
    sim.synchronize()
    assert sim.rejections() == {"one": {"dogs"}}
    assert sim.known() == {"a.mp4": "one", "dogs/a.mp4": "other", "dogs/a (2).mp4": "one"}
    assert sim.sources()["dogs/a (2).mp4"] == "auto"
    assert sim.files.labels() == {"other": "dogs"}


def test_files_that_change_places_while_a_copy_is_not_read_yet_are_not_held_up(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one", "cats/a.mp4": "two"}, by_us=["dogs/a.mp4"])
    disk.copy("dogs/a.mp4", "dogs/a (2).mp4")
    disk.unsettled.add("dogs/a (2).mp4")
    disk.swap("dogs/a.mp4", "cats/a.mp4")
    sim.synchronize()
    assert sim.known() == {"dogs/a.mp4": "two", "cats/a.mp4": "one"}


def test_the_service_waits_while_somebody_writes_the_copy(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"b"}})
    workspace.sort("a.mp4")
    with (workspace.root / "cats/a (2).mp4").open("wb") as copy:
        for part in (b"o", b"ne"):
            copy.write(part)
            copy.flush()
            if part == b"o":
                workspace.drag("cats/a.mp4", "a.mp4")
            seen = workspace.synchronize()
            assert seen.changes == ()
            assert seen.again_at is not None
    workspace.synchronize()
    assert workspace.known() == {"a.mp4": None, "cats/a (2).mp4": "auto", "cats/b.mp4": "user"}


def test_a_drag_is_not_held_up_by_a_file_that_cannot_be_read(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"b", "a (2).mp4": b""}})
    workspace.sort("a.mp4")
    workspace.drag("cats/a.mp4", "a.mp4")
    workspace.synchronize()
    assert workspace.known() == {"a.mp4": None, "cats/b.mp4": "user"}
    assert workspace.store.files.rejections() == {workspace.at("a.mp4").fingerprint: frozenset({"cats"})}
