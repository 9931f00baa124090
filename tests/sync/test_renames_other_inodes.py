"""Renamed categories on file systems whose inodes differ after each mount."""

from support.simulation import Simulation, library, story

from sorterd.sync.reconcile import unread


def test_a_folder_that_has_the_inode_of_another_since_the_mount_was_not_renamed(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two", "cats/c.mp4": "three", "dogs/d.mp4": "seven"})
    disk.mount_anew()
    sim.synchronize()
    for path in ("cats/a.mp4", "cats/b.mp4"):
        sim.moved_by_us(path)
    disk.move("cats/c.mp4", "birds/c.mp4")
    disk.mount_anew()
    sim.synchronize()
    assert sim.sources() == {
        "cats/a.mp4": "auto",
        "cats/b.mp4": "auto",
        "birds/c.mp4": "user",
        "dogs/d.mp4": "user",
    }
    assert sim.rejections() == {"three": {"cats"}}


def test_an_emptied_folder_was_not_renamed_to_one_that_has_its_inode_since_the_mount(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two", "dogs/c.mp4": "three", "dogs/d.mp4": "seven"})
    disk.mount_anew()
    sim.synchronize()
    for name in ("a.mp4", "b.mp4"):
        disk.move(f"cats/{name}", f"birds/{name}")
    disk.mount_anew()
    sim.synchronize()
    assert sim.rejections() == {"one": {"cats"}, "two": {"cats"}}


def test_empty_folders_that_have_the_inodes_of_others_since_the_mount_were_not_renamed(sim: Simulation) -> None:
    disk = library(sim, {"birds/a.mp4": "one", "cats/b.mp4": "two", "dogs/c.mp4": "three"})
    disk.mount_anew()
    sim.synchronize()
    for path in ("birds/a.mp4", "cats/b.mp4", "dogs/c.mp4"):
        disk.move(path, path.rpartition("/")[2])
    sim.synchronize()
    disk.make_folder("a new one")
    disk.mount_anew()
    sim.synchronize()
    assert sim.rejections() == {"one": {"birds"}, "two": {"cats"}, "three": {"dogs"}}


def test_a_folder_that_has_the_inode_of_another_was_not_renamed_although_both_hold_one_video(
    sim: Simulation,
) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two", "dogs/b.mp4": "two", "dogs/d.mp4": "seven"})
    disk.mount_anew()
    sim.synchronize()
    sim.moved_by_us("cats/a.mp4")
    disk.make_folder("birds")
    disk.mount_anew()
    sim.synchronize()
    assert sim.sources()["cats/a.mp4"] == "auto"
    assert sim.rejections() == {}


def test_a_folder_that_cannot_be_read_says_nothing_about_one_whose_name_begins_like_it(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats 2/b.mp4": "two"})
    disk.unreadable = {"cats"}
    disk.delete("cats 2/b.mp4")
    assert story(sim.synchronize()) == [("gone", "cats 2/b.mp4")]


def test_a_renamed_folder_whose_files_have_other_inodes_is_the_same_and_not_read_again(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/deep/b.mp4": "two", "dogs/c.mp4": "three"}, by_us=["cats/a.mp4"])
    disk.rename_folder("cats", "felines")
    disk.mount_anew()
    assert unread(sim.files.known(), disk.listing()) == []
    assert story(sim.synchronize())[0] == ("renamed", "cats", "felines")
    assert sim.sources() == {"felines/a.mp4": "auto", "felines/deep/b.mp4": "user", "dogs/c.mp4": "user"}
    assert sim.rejections() == {}
    assert sim.synchronize() == []


def test_a_renamed_folder_with_other_inodes_may_have_lost_and_won_a_few_files(sim: Simulation) -> None:
    files = {f"cats/{number}.mp4": f"video {number}" for number in range(5)}
    disk = library(sim, files, by_us=["cats/0.mp4", "cats/1.mp4", "cats/2.mp4"])
    disk.rename_folder("cats", "felines")
    disk.delete("felines/0.mp4")
    disk.move("felines/1.mp4", "dogs/1.mp4")
    disk.put("felines/new.mp4", "another")
    disk.mount_anew()
    sim.synchronize()
    assert sim.sources() == {
        "felines/2.mp4": "auto",
        "felines/3.mp4": "user",
        "felines/4.mp4": "user",
        "felines/new.mp4": "user",
        "dogs/1.mp4": "user",
    }
    assert sim.rejections() == {"video 1": {"felines"}}


def test_a_folder_that_is_gone_was_renamed_if_all_that_was_in_it_is_found_in_one_new_folder(
    sim: Simulation,
) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "cats/b.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.remove_folder("cats")
    disk.put("felines/x.mp4", "one")
    disk.put("felines/y.mp4", "two")
    sim.synchronize()
    assert sim.sources() == {"felines/x.mp4": "auto", "felines/y.mp4": "user"}


def test_a_video_dragged_into_a_new_folder_is_a_correction_although_its_old_folder_is_gone(
    sim: Simulation,
) -> None:
    disk = library(sim, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.move("cats/a.mp4", "dogs/a.mp4")
    disk.remove_folder("cats")
    sim.synchronize()
    assert sim.sources() == {"dogs/a.mp4": "user"}
    assert sim.rejections() == {"one": {"cats"}}


def test_a_folder_emptied_into_another_that_has_videos_of_its_own_was_not_renamed(sim: Simulation) -> None:
    disk = library(sim, {"cats/a.mp4": "one", "dogs/b.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.move("cats/a.mp4", "dogs/a.mp4")
    disk.remove_folder("cats")
    disk.mount_anew()
    sim.synchronize()
    assert sim.sources() == {"dogs/a.mp4": "user", "dogs/b.mp4": "user"}
    assert sim.rejections() == {"one": {"cats"}}


def test_where_all_inodes_are_others_a_file_with_its_path_size_and_time_is_the_same(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one", "cats/b.mp4": "two", "cats/deep/c.mp4": "three"}, by_us=["cats/b.mp4"])
    disk.mount_anew()
    for _ in range(100):
        disk.tick()
    disk.put("new.mp4", "seven")
    assert [seen.path for seen in unread(sim.files.known(), disk.listing())] == ["new.mp4"]
    sim.synchronize()
    assert sim.sources() == {"a.mp4": None, "new.mp4": None, "cats/b.mp4": "auto", "cats/deep/c.mp4": "user"}


def test_a_file_that_has_another_size_or_time_than_it_had_is_read_also_there(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one", "b.mp4": "two", "cats/c.mp4": "three"})
    disk.overwrite("a.mp4", "six")
    disk.mount_anew()
    disk.tick()
    assert [seen.path for seen in unread(sim.files.known(), disk.listing())] == ["a.mp4"]


def test_where_other_inodes_are_as_they_were_another_file_with_the_same_size_and_time_is_read(
    sim: Simulation,
) -> None:
    disk = library(sim, {"a.mp4": "one", "b.mp4": "two", "cats/c.mp4": "three"})
    _, _, when = disk.files["a.mp4"]
    disk.files["a.mp4"] = (disk.tick(), "six", when)
    assert [seen.path for seen in unread(sim.files.known(), disk.listing())] == ["a.mp4"]
    assert story(sim.synchronize()) == [("converted", "a.mp4", "a.mp4")]


def test_on_a_file_system_that_numbers_files_anew_each_by_itself_is_not_read_again(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one", "b.mp4": "two", "cats/c.mp4": "three"})
    _, content, when = disk.files["a.mp4"]
    disk.files["a.mp4"] = (disk.tick(), content, when)
    disk.unsteady = True
    assert unread(sim.files.known(), disk.listing()) == []
