"""Folders that got other names, that came and that went, told on a simulated disk."""

import pytest
from support.simulation import Simulation, library, story

from sorterd.sync.reconcile import unread


def test_a_renamed_folder_is_a_renamed_category_and_labels_keep_their_source(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/deep/b.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.rename_folder("cats", "felines")
    assert unread(sim.files.known(), disk.listing()) == []
    assert story(sim.synchronize()) == [("renamed", "cats", "felines")]
    assert sim.sources() == {"felines/a.mp4": "auto", "felines/deep/b.mp4": "user"}


def test_what_lies_in_a_folder_is_not_rejected_from_one_that_had_its_new_name_before(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two"})
    for path in ("cats/a.mp4", "cats/b.mp4"):
        disk.move(path, path.replace("cats", "pets"))
    sim.synchronize()
    disk.move("pets/b.mp4", "b.mp4")
    disk.remove_folder("cats")
    sim.synchronize()
    disk.rename_folder("pets", "cats")
    sim.synchronize()
    assert sim.rejections() == {"two": {"cats"}}


def test_our_video_that_comes_back_to_a_folder_that_was_renamed_meanwhile_is_still_ours(sim: Simulation) -> None:
    """From the trash, for one."""
    disk = library(
        sim,
        {"cats/a.mp4": "one", "cats/b.mp4": "two", "dogs/a.mp4": "three", "dogs/c.mp4": "four"},
        by_us=["cats/a.mp4"],
    )
    disk.delete("cats/a.mp4")
    sim.synchronize()
    disk.rename_folder("cats", "tmp")
    disk.rename_folder("dogs", "cats")
    disk.rename_folder("tmp", "dogs")
    sim.synchronize()
    disk.put("dogs/x.mp4", "one")
    sim.synchronize()
    assert sim.sources()["dogs/x.mp4"] == "auto"
    assert sim.rejections() == {}


def test_another_form_of_a_video_in_a_folder_that_was_renamed_meanwhile_is_still_ours(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two", "dogs/c.mp4": "four"}, by_us=["cats/a.mp4"])
    disk.delete("cats/a.mp4")
    sim.synchronize()
    disk.rename_folder("cats", "felines")
    sim.synchronize()
    disk.put("felines/a.mkv", "smaller")
    sim.synchronize()
    assert sim.sources()["felines/a.mkv"] == "auto"


@pytest.mark.parametrize("other_inodes", [False, True])
def test_two_folders_that_swapped_their_names_are_two_renames(sim: Simulation, other_inodes: bool) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "dogs/a.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.rename_folder("cats", "tmp")
    disk.rename_folder("dogs", "cats")
    disk.rename_folder("tmp", "dogs")
    if other_inodes:
        disk.mount_anew()
    assert story(sim.synchronize())[:2] == [("renamed", "cats", "dogs"), ("renamed", "dogs", "cats")]
    assert sim.known() == {"dogs/a.mp4": "one", "cats/a.mp4": "two"}
    assert sim.sources() == {"dogs/a.mp4": "auto", "cats/a.mp4": "user"}


def test_a_folder_is_renamed_also_when_its_only_file_has_a_new_name_too(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.rename_folder("cats", "felines")
    disk.move("felines/a.mp4", "felines/b.mp4")
    sim.synchronize()
    assert sim.sources() == {"felines/b.mp4": "auto"}


def test_a_folder_is_renamed_also_when_its_only_file_was_touched(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.rename_folder("cats", "felines")
    disk.overwrite("felines/a.mp4", "one")
    sim.synchronize()
    assert sim.sources() == {"felines/a.mp4": "auto"}


def test_a_folder_takes_the_name_of_a_deleted_one_that_had_a_file_of_the_same_name(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "dogs/a.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.remove_folder("dogs")
    disk.rename_folder("cats", "dogs")
    assert story(sim.synchronize()) == [("gone", "dogs/a.mp4"), ("renamed", "cats", "dogs")]
    assert sim.known() == {"dogs/a.mp4": "one"}
    assert sim.sources() == {"dogs/a.mp4": "auto"}


def test_what_lay_in_a_folder_whose_name_another_took_is_found_where_it_went(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "dogs/a.mp4": "two"}, by_us=["dogs/a.mp4"])
    disk.move("dogs/a.mp4", "a.mp4")
    disk.remove_folder("dogs")
    disk.rename_folder("cats", "dogs")
    sim.synchronize()
    assert sim.known() == {"a.mp4": "two", "dogs/a.mp4": "one"}
    assert sim.sources() == {"a.mp4": None, "dogs/a.mp4": "user"}


def test_a_folder_that_got_the_inode_of_a_deleted_one_is_not_that_folder(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    inode = disk.folders["cats"]
    disk.remove_folder("cats")
    disk.make_folder("dogs", inode)
    disk.put("dogs/b.mp4", "two")
    assert sorted(story(sim.synchronize())) == [("arrived", "dogs/b.mp4"), ("gone", "cats/a.mp4")]
    assert sim.sources() == {"dogs/b.mp4": "user"}


def test_a_renamed_folder_and_a_new_one_of_the_old_name_are_told_apart(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two"})
    disk.rename_folder("cats", "felines")
    disk.move("felines/b.mp4", "cats/b.mp4")
    assert story(sim.synchronize()) == [("renamed", "cats", "felines"), ("moved", "felines/b.mp4", "cats/b.mp4")]
    assert sim.files.labels() == {"one": "felines", "two": "cats"}


def test_a_folder_moved_into_another_makes_its_videos_belong_to_that_one(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "pets/b.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.move("cats/a.mp4", "pets/cats/a.mp4")
    del disk.folders["cats"]
    sim.synchronize()
    assert sim.files.labels() == {"one": "pets", "two": "pets"}


def test_what_lies_in_a_folder_that_cannot_be_read_is_unknown_not_gone(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/deep/b.mp4": "two", "dogs/c.mp4": "three"})
    disk.unreadable = {"cats/deep"}
    disk.delete("dogs/c.mp4")
    assert story(sim.synchronize()) == [("gone", "dogs/c.mp4")]
    disk.unreadable = set()
    assert sim.synchronize() == []


def test_a_file_whose_folder_was_renamed_and_cannot_be_read_below_is_still_known(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/deep/b.mp4": "two"})
    disk.rename_folder("cats", "felines")
    disk.unreadable = {"felines/deep"}
    assert story(sim.synchronize()) == [("renamed", "cats", "felines")]
    assert sim.known() == {"felines/a.mp4": "one", "felines/deep/b.mp4": "two"}
