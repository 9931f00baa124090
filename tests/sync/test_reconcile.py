"""What the reconciler makes of what a person does to a library, told on a simulated disk. Folders: test_renames.py."""

from collections.abc import Callable

import pytest
from support.simulation import Disk, Simulation, library, story

from sorterd.changes import LabelChange, Touched, label_changes
from sorterd.sync.reconcile import unread

# --- files that come, go and stay ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "source", "labels"),
    [
        ("a.mp4", None, {}),
        ("cats/a.mp4", "user", {"one": "cats"}),
        ("cats/kittens/a.mp4", "user", {"one": "cats"}),
    ],
)
def test_a_file_that_is_dropped_is_labelled_by_the_user_with_the_top_folder(
    sim: Simulation, path: str, source: str | None, labels: dict[str, str]
) -> None:
    sim.disk.put(path, "one")
    assert story(sim.synchronize()) == [("arrived", path)]
    assert (sim.sources(), sim.files.labels()) == ({path: source}, labels)


def test_a_deleted_file_is_forgotten_and_teaches_nothing(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.delete("cats/a.mp4")
    changes = sim.synchronize()
    assert story(changes) == [("gone", "cats/a.mp4")]
    assert [label_changes(change) for change in changes] == [()]
    assert sim.known() == {}
    assert sim.rejections() == {}


@pytest.mark.parametrize("write", [Disk.put, Disk.overwrite])
def test_other_content_under_the_same_name_has_a_label_from_the_same_source(
    sim: Simulation, write: Callable[[Disk, str, str], None]
) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    write(disk, "cats/a.mp4", "two")
    assert story(sim.synchronize()) == [("converted", "cats/a.mp4", "cats/a.mp4")]
    assert sim.known() == {"cats/a.mp4": "two"}
    assert sim.sources() == {"cats/a.mp4": "auto"}


def test_known_content_under_the_name_of_another_is_that_other_video(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "b.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.put("cats/a.mp4", "two")
    assert story(sim.synchronize()) == [("replaced", "cats/a.mp4", "cats/a.mp4")]


def test_a_touched_file_is_read_again_and_is_the_same_video(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.overwrite("cats/a.mp4", "one")
    assert [seen.path for seen in unread(sim.files.known(), disk.listing())] == ["cats/a.mp4"]
    assert story(sim.synchronize()) == [("touched", "cats/a.mp4", "cats/a.mp4")]
    assert sim.sources() == {"cats/a.mp4": "auto"}
    assert sim.synchronize() == []


def test_a_known_file_that_is_being_written_again_stays_as_it_was_known(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.overwrite("cats/a.mp4", "half")
    disk.unsettled.add("cats/a.mp4")
    assert sim.synchronize() == []
    assert sim.known() == {"cats/a.mp4": "one"}


# --- moves by the user -----------------------------------------------------------------------------------------------


def test_a_drag_from_the_inbox_into_a_folder_gives_the_label(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one"})
    disk.move("a.mp4", "cats/a.mp4")
    changes = sim.synchronize()
    assert story(changes) == [("moved", "a.mp4", "cats/a.mp4")]
    assert label_changes(changes[0]) == (LabelChange("one", rejected=None, accepted="cats"),)
    assert sim.sources() == {"cats/a.mp4": "user"}


@pytest.mark.parametrize(("target", "accepted", "source"), [("dogs/a.mp4", "dogs", "user"), ("a.mp4", None, None)])
@pytest.mark.parametrize("whose", ["ours", "confirmed", "the user's"])
def test_a_drag_out_of_a_folder_refuses_it_and_corrects_us_if_we_had_put_the_file_there(
    sim: Simulation, whose: str, target: str, accepted: str | None, source: str | None
) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=[] if whose == "the user's" else ["cats/a.mp4"])
    if whose == "confirmed":
        sim.files.confirm("cats/a.mp4", now=2.0)
    disk.move("cats/a.mp4", target)
    changes = sim.synchronize()
    corrected = whose != "the user's"
    assert label_changes(changes[0]) == (LabelChange("one", rejected="cats", accepted=accepted, corrected=corrected),)
    assert sim.sources() == {target: source}
    assert sim.files.labels() == ({"one": accepted} if accepted else {})
    assert sim.rejections() == {"one": {"cats"}}


def test_putting_it_back_into_a_refused_folder_accepts_it_again(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.move("cats/a.mp4", "a.mp4")
    sim.synchronize()
    disk.move("a.mp4", "cats/a.mp4")
    sim.synchronize()
    assert sim.rejections() == {}
    assert sim.files.labels() == {"one": "cats"}


def test_a_new_name_in_the_same_folder_says_nothing(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.move("cats/a.mp4", "cats/deep/b.mp4")
    changes = sim.synchronize()
    assert story(changes) == [("moved", "cats/a.mp4", "cats/deep/b.mp4")]
    assert label_changes(changes[0]) == ()
    assert sim.sources() == {"cats/deep/b.mp4": "auto"}


def test_two_files_that_swapped_their_names_are_two_moves(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two"}, by_us=["cats/b.mp4"])
    disk.swap("cats/a.mp4", "cats/b.mp4")
    assert sorted(story(sim.synchronize())) == [
        ("moved", "cats/a.mp4", "cats/b.mp4"),
        ("moved", "cats/b.mp4", "cats/a.mp4"),
    ]
    assert sim.known() == {"cats/a.mp4": "two", "cats/b.mp4": "one"}
    assert sim.sources() == {"cats/a.mp4": "auto", "cats/b.mp4": "user"}


def test_a_file_moved_over_another_one_leaves_one_of_them(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one", "cats/a.mp4": "two"})
    disk.move("a.mp4", "cats/a.mp4")
    assert sorted(story(sim.synchronize())) == [("gone", "cats/a.mp4"), ("moved", "a.mp4", "cats/a.mp4")]
    assert sim.known() == {"cats/a.mp4": "one"}


def test_a_file_that_moved_away_and_another_in_its_place_are_told_apart(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.move("cats/a.mp4", "dogs/a.mp4")
    disk.put("cats/a.mp4", "two")
    assert sorted(story(sim.synchronize())) == [("arrived", "cats/a.mp4"), ("moved", "cats/a.mp4", "dogs/a.mp4")]


# --- another mount ---------------------------------------------------------------------------------------------------


def test_a_disk_that_comes_back_under_another_device_number_is_not_read_again(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one", "cats/b.mp4": "two"}, by_us=["cats/b.mp4"])
    disk.device = 2
    assert unread(sim.files.known(), disk.listing()) == []
    assert {type(change) for change in sim.synchronize()} == {Touched}
    assert sim.sources() == {"a.mp4": None, "cats/b.mp4": "auto"}
    assert sim.synchronize() == []


def test_a_file_moved_while_the_disk_was_elsewhere_is_read_and_recognised(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.device = 2
    disk.move("cats/a.mp4", "dogs/a.mp4")
    assert [seen.path for seen in unread(sim.files.known(), disk.listing())] == ["dogs/a.mp4"]
    assert story(sim.synchronize()) == [("moved", "cats/a.mp4", "dogs/a.mp4")]
