"""Copies of a video, and what moves or vanishes beside them."""

from support.simulation import Simulation, library, story

from sorterd.changes import LabelChange, label_changes
from sorterd.sync.reconcile import unread


def test_a_copy_in_another_folder_is_the_same_video_twice_and_labelled_by_the_user(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one"})
    disk.copy("a.mp4", "cats/a.mp4")
    changes = sim.synchronize()
    assert story(changes) == [("copied", "a.mp4", "cats/a.mp4")]
    assert label_changes(changes[0]) == (LabelChange("one", accepted="cats"),)
    assert sim.sources() == {"a.mp4": None, "cats/a.mp4": "user"}


def test_a_copy_beside_a_file_that_we_put_there_does_not_make_it_the_users(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "cats/b.mp4")
    sim.synchronize()
    assert sim.sources() == {"cats/a.mp4": "auto", "cats/b.mp4": "auto"}
    assert sim.files.labels() == {}


def test_overwriting_a_filed_video_with_one_that_we_put_there_does_not_make_that_the_users(
    sim: Simulation,
) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.put("cats/b.mp4", "one")
    sim.synchronize()
    assert sim.sources() == {"cats/a.mp4": "auto", "cats/b.mp4": "auto"}


def test_overwriting_a_filed_video_with_one_that_was_refused_there_accepts_it_again(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two"})
    disk.move("cats/a.mp4", "a.mp4")
    sim.synchronize()
    assert sim.rejections() == {"one": {"cats"}}
    disk.overwrite("cats/b.mp4", "one")
    sim.synchronize()
    assert sim.files.labels() == {"one": "cats"}
    assert sim.rejections() == {}


def test_copying_then_overwriting_the_original_takes_it_out(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "a.mp4")
    sim.synchronize()
    disk.put("cats/a.mp4", "two")
    sim.synchronize()
    assert sim.rejections() == {"one": {"cats"}}


def test_of_two_new_files_with_one_content_the_second_is_a_copy(sim: Simulation) -> None:
    sim.disk.put("a.mp4", "one")
    sim.disk.put("b.mp4", "one")
    assert story(sim.synchronize()) == [("arrived", "a.mp4"), ("copied", "a.mp4", "b.mp4")]


def test_copying_then_deleting_is_a_move_when_seen_at_once(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.copy("cats/a.mp4", "dogs/a.mp4")
    disk.delete("cats/a.mp4")
    assert story(sim.synchronize()) == [("moved", "cats/a.mp4", "dogs/a.mp4")]
    assert sim.rejections() == {"one": {"cats"}}


def test_copying_then_deleting_is_a_move_when_seen_in_two_steps(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "dogs/a.mp4")
    sim.synchronize()
    disk.delete("cats/a.mp4")
    changes = sim.synchronize()
    assert story(changes) == [("gone", "cats/a.mp4", "dogs/a.mp4")]
    assert label_changes(changes[0]) == (LabelChange("one", rejected="cats", corrected=True),)
    assert sim.rejections() == {"one": {"cats"}}
    assert sim.sources() == {"dogs/a.mp4": "user"}


def test_copying_then_deleting_is_a_move_also_while_the_copy_is_not_read_yet(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.copy("cats/a.mp4", "dogs/a.mp4")
    disk.unsettled.add("dogs/a.mp4")
    disk.delete("cats/a.mp4")
    assert sim.synchronize() == [], "it may be what the copy turns out to be"
    disk.unsettled.clear()
    assert story(sim.synchronize()) == [("moved", "cats/a.mp4", "dogs/a.mp4")]


def test_a_copy_elsewhere_is_not_where_a_file_went_while_another_of_its_size_is_not_read_yet(
    sim: Simulation,
) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "copy.mp4")
    disk.copy("cats/a.mp4", "cats/b.mp4")
    disk.unsettled.add("cats/b.mp4")
    disk.delete("cats/a.mp4")
    sim.synchronize()
    assert sim.rejections() == {}, "it may have got another name only"
    disk.unsettled.clear()
    sim.synchronize()
    assert sim.sources() == {"cats/b.mp4": "auto", "copy.mp4": None}
    assert sim.rejections() == {}


def test_a_deletion_is_not_held_up_by_a_new_file_of_another_size(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.put("dogs/b.mp4", "longer")
    disk.unsettled.add("dogs/b.mp4")
    disk.delete("cats/a.mp4")
    assert story(sim.synchronize()) == [("gone", "cats/a.mp4")]


def test_deleting_one_of_two_copies_in_one_folder_refuses_nothing(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "one"})
    disk.delete("cats/a.mp4")
    sim.synchronize()
    assert sim.rejections() == {}
    assert sim.files.labels() == {"one": "cats"}


def test_a_hard_link_is_a_copy_that_need_not_be_read(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one"})
    disk.link("a.mp4", "cats/a.mp4")
    assert unread(sim.files.known(), disk.listing()) == []
    assert story(sim.synchronize()) == [("copied", "a.mp4", "cats/a.mp4")]


def test_of_two_hard_links_with_new_names_each_is_the_one_in_its_folder(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.link("cats/a.mp4", "dogs/a.mp4")
    sim.synchronize()
    disk.move("dogs/a.mp4", "birds/b.mp4")
    disk.move("cats/a.mp4", "cats/z.mp4")
    sim.synchronize()
    assert sim.sources() == {"cats/z.mp4": "auto", "birds/b.mp4": "user"}
    assert sim.rejections() == {"one": {"dogs"}}


def test_of_several_copies_the_one_with_the_same_inode_moved(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "dogs/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.move("dogs/a.mp4", "birds/a.mp4")
    disk.delete("cats/a.mp4")
    assert sorted(story(sim.synchronize())) == [
        ("gone", "cats/a.mp4", "birds/a.mp4"),
        ("moved", "dogs/a.mp4", "birds/a.mp4"),
    ]


def test_of_several_copies_on_another_disk_the_one_in_the_same_folder_was_renamed(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "dogs/b.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.delete("cats/a.mp4")
    disk.delete("dogs/b.mp4")
    disk.put("cats/b.mp4", "one")
    assert sorted(story(sim.synchronize())) == [
        ("gone", "dogs/b.mp4", "cats/b.mp4"),
        ("moved", "cats/a.mp4", "cats/b.mp4"),
    ]
    assert sim.sources() == {"cats/b.mp4": "auto"}
    assert sim.rejections() == {"one": {"dogs"}}


def test_copying_a_file_of_ours_and_deleting_it_elsewhere_is_no_move(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "dogs/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "cats/b.mp4")
    disk.delete("dogs/a.mp4")
    sim.synchronize()
    assert sim.sources() == {"cats/a.mp4": "auto", "cats/b.mp4": "auto"}
    assert sim.rejections() == {"one": {"dogs"}}


def test_of_several_copies_on_another_disk_the_one_with_the_same_name_moved(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "dogs/b.mp4": "one"})
    disk.delete("cats/a.mp4")
    disk.delete("dogs/b.mp4")
    disk.put("birds/b.mp4", "one")
    assert ("moved", "dogs/b.mp4", "birds/b.mp4") in story(sim.synchronize())


def test_a_copy_of_a_file_that_is_being_overwritten_is_not_a_move(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.copy("cats/a.mp4", "dogs/a.mp4")
    disk.overwrite("cats/a.mp4", "half")
    disk.unsettled.add("cats/a.mp4")
    sim.synchronize()
    assert sim.known() == {"cats/a.mp4": "one", "dogs/a.mp4": "one"}
    assert sim.rejections() == {}


def test_a_file_that_moved_away_is_found_although_another_is_growing_in_its_place(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"})
    disk.move("cats/a.mp4", "dogs/a.mp4")
    disk.put("cats/a.mp4", "half")
    disk.unsettled.add("cats/a.mp4")
    assert story(sim.synchronize()) == [("moved", "cats/a.mp4", "dogs/a.mp4")]
    assert sim.known() == {"dogs/a.mp4": "one"}
