"""What the reconciler makes of what a person does to a library, told on a simulated disk. Folders: test_renames.py."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st
from support.desk import Desk, Disk, fresh_desk, library, story

from sorterd.changes import KnownFile, LabelChange, Touched, label_changes
from sorterd.library.files import category_of
from sorterd.sync.reconcile import unread

# --- files that come, go and stay ------------------------------------------------------------------------------------


def test_nothing_changed_means_no_change_and_nothing_to_read(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one", "cats/b.mp4": "two"})
    assert unread(desk.files.known(), disk.listing()) == []
    assert desk.synchronize() == []


def test_a_file_dropped_into_the_inbox_has_no_label(desk: Desk) -> None:
    desk.disk.put("a.mp4", "one")
    assert story(desk.synchronize()) == [("arrived", "a.mp4")]
    assert desk.sources() == {"a.mp4": None}


def test_a_file_dropped_into_a_folder_is_labelled_by_the_user(desk: Desk) -> None:
    desk.disk.put("cats/a.mp4", "one")
    assert story(desk.synchronize()) == [("arrived", "cats/a.mp4")]
    assert desk.sources() == {"cats/a.mp4": "user"}


def test_a_file_deep_inside_a_folder_belongs_to_the_top_one(desk: Desk) -> None:
    desk.disk.put("cats/kittens/a.mp4", "one")
    desk.synchronize()
    assert desk.files.labels() == {"one": "cats"}


def test_a_file_that_was_not_read_yet_is_not_there_yet(desk: Desk) -> None:
    desk.disk.put("a.mp4", "one")
    desk.disk.unsettled.add("a.mp4")
    assert desk.synchronize() == []
    assert desk.known() == {}


def test_a_deleted_file_is_forgotten_and_teaches_nothing(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.delete("cats/a.mp4")
    changes = desk.synchronize()
    assert story(changes) == [("gone", "cats/a.mp4")]
    assert [label_changes(change) for change in changes] == [()]
    assert desk.known() == {}
    assert desk.rejections() == {}


def test_other_content_under_the_same_name_has_a_label_from_the_same_source(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.put("cats/a.mp4", "two")
    assert story(desk.synchronize()) == [("converted", "cats/a.mp4", "cats/a.mp4")]
    assert desk.known() == {"cats/a.mp4": "two"}
    assert desk.sources() == {"cats/a.mp4": "auto"}


def test_content_that_is_overwritten_in_place_is_noticed_by_its_time_stamp(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one"})
    disk.overwrite("a.mp4", "two")
    assert story(desk.synchronize()) == [("converted", "a.mp4", "a.mp4")]


def test_known_content_under_the_name_of_another_is_that_other_video(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "b.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.put("cats/a.mp4", "two")
    assert story(desk.synchronize()) == [("replaced", "cats/a.mp4", "cats/a.mp4")]


def test_a_touched_file_is_read_again_and_is_the_same_video(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.overwrite("cats/a.mp4", "one")
    assert [seen.path for seen in unread(desk.files.known(), disk.listing())] == ["cats/a.mp4"]
    assert story(desk.synchronize()) == [("touched", "cats/a.mp4", "cats/a.mp4")]
    assert desk.sources() == {"cats/a.mp4": "auto"}
    assert desk.synchronize() == []


def test_a_known_file_that_is_being_written_again_stays_as_it_was_known(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.overwrite("cats/a.mp4", "half")
    disk.unsettled.add("cats/a.mp4")
    assert desk.synchronize() == []
    assert desk.known() == {"cats/a.mp4": "one"}


# --- moves by the user -----------------------------------------------------------------------------------------------


def test_a_drag_from_the_inbox_into_a_folder_gives_the_label(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one"})
    disk.move("a.mp4", "cats/a.mp4")
    changes = desk.synchronize()
    assert story(changes) == [("moved", "a.mp4", "cats/a.mp4")]
    assert label_changes(changes[0]) == (LabelChange("one", rejected=None, accepted="cats"),)
    assert desk.sources() == {"cats/a.mp4": "user"}


def test_a_moved_file_need_not_be_read(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one"})
    disk.move("a.mp4", "cats/b.mp4")
    assert unread(desk.files.known(), disk.listing()) == []


def test_a_drag_to_another_folder_corrects_us_and_refuses_the_first(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.move("cats/a.mp4", "dogs/a.mp4")
    changes = desk.synchronize()
    assert label_changes(changes[0]) == (LabelChange("one", rejected="cats", accepted="dogs", corrected=True),)
    assert desk.sources() == {"dogs/a.mp4": "user"}
    assert desk.rejections() == {"one": {"cats"}}


def test_a_drag_out_of_where_the_user_had_confirmed_our_move_corrects_us_all_the_same(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    desk.files.confirm("cats/a.mp4", now=2.0)
    disk.move("cats/a.mp4", "dogs/a.mp4")
    assert label_changes(desk.synchronize()[0]) == (
        LabelChange("one", rejected="cats", accepted="dogs", corrected=True),
    )


def test_a_drag_between_folders_of_a_file_that_the_user_filed_corrects_nobody(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.move("cats/a.mp4", "dogs/a.mp4")
    assert label_changes(desk.synchronize()[0]) == (
        LabelChange("one", rejected="cats", accepted="dogs", corrected=False),
    )


def test_a_drag_back_to_the_inbox_takes_the_label_away_and_refuses_the_folder(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.move("cats/a.mp4", "a.mp4")
    changes = desk.synchronize()
    assert label_changes(changes[0]) == (LabelChange("one", rejected="cats", accepted=None, corrected=True),)
    assert desk.sources() == {"a.mp4": None}
    assert desk.files.labels() == {}
    assert desk.rejections() == {"one": {"cats"}}


def test_putting_it_back_into_a_refused_folder_accepts_it_again(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.move("cats/a.mp4", "a.mp4")
    desk.synchronize()
    disk.move("a.mp4", "cats/a.mp4")
    desk.synchronize()
    assert desk.rejections() == {}
    assert desk.files.labels() == {"one": "cats"}


def test_a_new_name_in_the_same_folder_says_nothing(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.move("cats/a.mp4", "cats/deep/b.mp4")
    changes = desk.synchronize()
    assert story(changes) == [("moved", "cats/a.mp4", "cats/deep/b.mp4")]
    assert label_changes(changes[0]) == ()
    assert desk.sources() == {"cats/deep/b.mp4": "auto"}


def test_two_files_that_swapped_their_names_are_two_moves(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "cats/b.mp4": "two"}, by_us=["cats/b.mp4"])
    disk.swap("cats/a.mp4", "cats/b.mp4")
    assert sorted(story(desk.synchronize())) == [
        ("moved", "cats/a.mp4", "cats/b.mp4"),
        ("moved", "cats/b.mp4", "cats/a.mp4"),
    ]
    assert desk.known() == {"cats/a.mp4": "two", "cats/b.mp4": "one"}
    assert desk.sources() == {"cats/a.mp4": "auto", "cats/b.mp4": "user"}


def test_a_file_moved_over_another_one_leaves_one_of_them(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one", "cats/a.mp4": "two"})
    disk.move("a.mp4", "cats/a.mp4")
    assert sorted(story(desk.synchronize())) == [("gone", "cats/a.mp4"), ("moved", "a.mp4", "cats/a.mp4")]
    assert desk.known() == {"cats/a.mp4": "one"}


def test_a_file_that_moved_away_and_another_in_its_place_are_told_apart(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.move("cats/a.mp4", "dogs/a.mp4")
    disk.put("cats/a.mp4", "two")
    assert sorted(story(desk.synchronize())) == [("arrived", "cats/a.mp4"), ("moved", "cats/a.mp4", "dogs/a.mp4")]


# --- copies ----------------------------------------------------------------------------------------------------------


def test_a_copy_in_another_folder_is_the_same_video_twice_and_labelled_by_the_user(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one"})
    disk.copy("a.mp4", "cats/a.mp4")
    changes = desk.synchronize()
    assert story(changes) == [("copied", "a.mp4", "cats/a.mp4")]
    assert label_changes(changes[0]) == (LabelChange("one", accepted="cats"),)
    assert desk.sources() == {"a.mp4": None, "cats/a.mp4": "user"}


def test_a_copy_beside_a_file_that_we_put_there_does_not_make_it_the_users(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "cats/b.mp4")
    desk.synchronize()
    assert desk.sources() == {"cats/a.mp4": "auto", "cats/b.mp4": "auto"}
    assert desk.files.labels() == {}


def test_overwriting_a_filed_video_with_one_that_we_put_there_does_not_make_that_the_users(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "cats/b.mp4": "two"}, by_us=["cats/a.mp4"])
    disk.put("cats/b.mp4", "one")
    desk.synchronize()
    assert desk.sources() == {"cats/a.mp4": "auto", "cats/b.mp4": "auto"}


def test_overwriting_a_filed_video_with_one_that_was_refused_there_accepts_it_again(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "cats/b.mp4": "two"})
    disk.move("cats/a.mp4", "a.mp4")
    desk.synchronize()
    assert desk.rejections() == {"one": {"cats"}}
    disk.overwrite("cats/b.mp4", "one")
    desk.synchronize()
    assert desk.files.labels() == {"one": "cats"}
    assert desk.rejections() == {}


def test_copying_then_overwriting_the_original_takes_it_out(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "a.mp4")
    desk.synchronize()
    disk.put("cats/a.mp4", "two")
    desk.synchronize()
    assert desk.rejections() == {"one": {"cats"}}


def test_of_two_new_files_with_one_content_the_second_is_a_copy(desk: Desk) -> None:
    desk.disk.put("a.mp4", "one")
    desk.disk.put("b.mp4", "one")
    assert story(desk.synchronize()) == [("arrived", "a.mp4"), ("copied", "a.mp4", "b.mp4")]


def test_copying_then_deleting_is_a_move_when_seen_at_once(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.copy("cats/a.mp4", "dogs/a.mp4")
    disk.delete("cats/a.mp4")
    assert story(desk.synchronize()) == [("moved", "cats/a.mp4", "dogs/a.mp4")]
    assert desk.rejections() == {"one": {"cats"}}


def test_copying_then_deleting_is_a_move_when_seen_in_two_steps(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "dogs/a.mp4")
    desk.synchronize()
    disk.delete("cats/a.mp4")
    changes = desk.synchronize()
    assert story(changes) == [("gone", "cats/a.mp4", "dogs/a.mp4")]
    assert label_changes(changes[0]) == (LabelChange("one", rejected="cats", corrected=True),)
    assert desk.rejections() == {"one": {"cats"}}
    assert desk.sources() == {"dogs/a.mp4": "user"}


def test_copying_then_deleting_is_a_move_also_while_the_copy_is_not_read_yet(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.copy("cats/a.mp4", "dogs/a.mp4")
    disk.unsettled.add("dogs/a.mp4")
    disk.delete("cats/a.mp4")
    assert desk.synchronize() == [], "it may be what the copy turns out to be"
    disk.unsettled.clear()
    assert story(desk.synchronize()) == [("moved", "cats/a.mp4", "dogs/a.mp4")]


def test_a_copy_elsewhere_is_not_where_a_file_went_while_another_of_its_size_is_not_read_yet(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "copy.mp4")
    disk.copy("cats/a.mp4", "cats/b.mp4")
    disk.unsettled.add("cats/b.mp4")
    disk.delete("cats/a.mp4")
    desk.synchronize()
    assert desk.rejections() == {}, "it may have got another name only"
    disk.unsettled.clear()
    desk.synchronize()
    assert desk.sources() == {"cats/b.mp4": "auto", "copy.mp4": None}
    assert desk.rejections() == {}


def test_a_deletion_is_not_held_up_by_a_new_file_of_another_size(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.put("dogs/b.mp4", "longer")
    disk.unsettled.add("dogs/b.mp4")
    disk.delete("cats/a.mp4")
    assert story(desk.synchronize()) == [("gone", "cats/a.mp4")]


def test_deleting_one_of_two_copies_in_one_folder_refuses_nothing(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "cats/b.mp4": "one"})
    disk.delete("cats/a.mp4")
    desk.synchronize()
    assert desk.rejections() == {}
    assert desk.files.labels() == {"one": "cats"}


def test_a_hard_link_is_a_copy_that_need_not_be_read(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one"})
    disk.link("a.mp4", "cats/a.mp4")
    assert unread(desk.files.known(), disk.listing()) == []
    assert story(desk.synchronize()) == [("copied", "a.mp4", "cats/a.mp4")]


def test_of_two_hard_links_with_new_names_each_is_the_one_in_its_folder(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.link("cats/a.mp4", "dogs/a.mp4")
    desk.synchronize()
    disk.move("dogs/a.mp4", "birds/b.mp4")
    disk.move("cats/a.mp4", "cats/z.mp4")
    desk.synchronize()
    assert desk.sources() == {"cats/z.mp4": "auto", "birds/b.mp4": "user"}
    assert desk.rejections() == {"one": {"dogs"}}


def test_of_several_copies_the_one_with_the_same_inode_moved(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "dogs/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.move("dogs/a.mp4", "birds/a.mp4")
    disk.delete("cats/a.mp4")
    assert sorted(story(desk.synchronize())) == [
        ("gone", "cats/a.mp4", "birds/a.mp4"),
        ("moved", "dogs/a.mp4", "birds/a.mp4"),
    ]


def test_of_several_copies_on_another_disk_the_one_in_the_same_folder_was_renamed(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "dogs/b.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.delete("cats/a.mp4")
    disk.delete("dogs/b.mp4")
    disk.put("cats/b.mp4", "one")
    assert sorted(story(desk.synchronize())) == [
        ("gone", "dogs/b.mp4", "cats/b.mp4"),
        ("moved", "cats/a.mp4", "cats/b.mp4"),
    ]
    assert desk.sources() == {"cats/b.mp4": "auto"}
    assert desk.rejections() == {"one": {"dogs"}}


def test_copying_a_file_of_ours_and_deleting_it_elsewhere_is_no_move(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "dogs/a.mp4": "one"}, by_us=["cats/a.mp4"])
    disk.copy("cats/a.mp4", "cats/b.mp4")
    disk.delete("dogs/a.mp4")
    desk.synchronize()
    assert desk.sources() == {"cats/a.mp4": "auto", "cats/b.mp4": "auto"}
    assert desk.rejections() == {"one": {"dogs"}}


def test_of_several_copies_on_another_disk_the_one_with_the_same_name_moved(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one", "dogs/b.mp4": "one"})
    disk.delete("cats/a.mp4")
    disk.delete("dogs/b.mp4")
    disk.put("birds/b.mp4", "one")
    assert ("moved", "dogs/b.mp4", "birds/b.mp4") in story(desk.synchronize())


def test_a_copy_of_a_file_that_is_being_overwritten_is_not_a_move(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.copy("cats/a.mp4", "dogs/a.mp4")
    disk.overwrite("cats/a.mp4", "half")
    disk.unsettled.add("cats/a.mp4")
    desk.synchronize()
    assert desk.known() == {"cats/a.mp4": "one", "dogs/a.mp4": "one"}
    assert desk.rejections() == {}


def test_a_file_that_moved_away_is_found_although_another_is_growing_in_its_place(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.move("cats/a.mp4", "dogs/a.mp4")
    disk.put("cats/a.mp4", "half")
    disk.unsettled.add("cats/a.mp4")
    assert story(desk.synchronize()) == [("moved", "cats/a.mp4", "dogs/a.mp4")]
    assert desk.known() == {"dogs/a.mp4": "one"}


# --- another mount ---------------------------------------------------------------------------------------------------


def test_a_disk_that_comes_back_under_another_device_number_is_not_read_again(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one", "cats/b.mp4": "two"}, by_us=["cats/b.mp4"])
    disk.device = 2
    assert unread(desk.files.known(), disk.listing()) == []
    assert {type(change) for change in desk.synchronize()} == {Touched}
    assert desk.sources() == {"a.mp4": None, "cats/b.mp4": "auto"}
    assert desk.synchronize() == []


def test_a_file_moved_while_the_disk_was_elsewhere_is_read_and_recognised(desk: Desk) -> None:
    disk = library(desk, {"cats/a.mp4": "one"})
    disk.device = 2
    disk.move("cats/a.mp4", "dogs/a.mp4")
    assert [seen.path for seen in unread(desk.files.known(), disk.listing())] == ["dogs/a.mp4"]
    assert story(desk.synchronize()) == [("moved", "cats/a.mp4", "dogs/a.mp4")]


# --- whatever happens ------------------------------------------------------------------------------------------------

FOLDERS = ["cats", "dogs", "pets"]
PLACES = ["", "cats/", "dogs/", "pets/", "pets/cats/"]
NAMES = ["a.mp4", "b.mp4"]
PATHS = [place + name for place in PLACES for name in NAMES]
CONTENTS = ["one", "two", "three", "seven"]  # two of one size, three of another

path_of = st.sampled_from(PATHS)
folder_of = st.sampled_from(FOLDERS)
Action = tuple[str, str, str]
actions: st.SearchStrategy[Action] = st.one_of(
    st.tuples(st.just("put"), path_of, st.sampled_from(CONTENTS)),
    st.tuples(st.sampled_from(["move", "copy", "link", "swap"]), path_of, path_of),
    st.tuples(st.sampled_from(["touch", "delete"]), path_of, st.just("")),
    st.tuples(st.just("overwrite"), path_of, st.sampled_from(CONTENTS)),
    st.tuples(st.just("rename folder"), folder_of, folder_of),
    st.tuples(st.sampled_from(["make folder", "remove folder"]), folder_of, st.just("")),
    st.tuples(st.just("we moved"), path_of, folder_of),
)
slowly = settings(max_examples=int(os.environ.get("SORTERD_EXAMPLES", "250")), deadline=None)


def act(disk: Disk, action: Action) -> bool:
    """Let the user do this, where it can be done; whether it was."""
    match action:
        case ("put", path, content):
            disk.put(path, content)
        case (("move" | "copy" | "link") as verb, source, target) if source in disk.files and source != target:
            {"move": disk.move, "copy": disk.copy, "link": disk.link}[verb](source, target)
        case ("swap", one, other) if one in disk.files and other in disk.files:
            disk.swap(one, other)
        case ("touch", path, _) if path in disk.files:
            disk.overwrite(path, disk.files[path][1])
        case ("delete", path, _) if path in disk.files:
            disk.delete(path)
        case ("overwrite", path, content) if path in disk.files:
            disk.overwrite(path, content)
        case ("rename folder", old, new) if old in disk.folders and new not in disk.folders:
            disk.rename_folder(old, new)
        case ("make folder", name, _) if name not in disk.folders:
            disk.make_folder(name)
        case ("remove folder", name, _) if name in disk.folders:
            disk.remove_folder(name)
        case _:
            return False
    return True


def contents_by_folder(disk: Disk) -> set[tuple[str, str | None]]:
    return {(content, category_of(path)) for path, (_, content, _) in disk.files.items()}


def our_move(desk: Desk, source: str, folder: str) -> bool:
    """Let us move a file of the inbox, on disk and in the tables at once, as after a sync."""
    target = f"{folder}/{source}"
    file = desk.files.at(source)
    if file is None or file.category is not None or folder not in desk.disk.folders or target in desk.disk.files:
        return False
    desk.disk.move(source, target)
    desk.files.move(source, KnownFile(target, file.id, file.fingerprint, "auto"), now=1.0)
    return True


@slowly
@given(st.lists(actions, max_size=15))
def test_a_sync_after_every_step_and_one_at_the_end_come_to_the_same(steps: list[Action]) -> None:
    watched, slept = fresh_desk(), fresh_desk()
    slept.disk = watched.disk
    for step in steps:
        if act(watched.disk, step):
            watched.synchronize()
    slept.synchronize()
    there = {path: content for path, (_, content, _) in watched.disk.files.items()}
    for desk in (watched, slept):
        assert desk.known() == there
        assert set(desk.files.categories()) == set(watched.disk.folders)
        assert {path: file.category for path, file in desk.files.known().files.items()} == {
            path: category_of(path) for path in there
        }


@slowly
@given(st.lists(st.tuples(actions, st.booleans()), max_size=20))
def test_a_label_is_the_folders_name_and_ours_only_becomes_the_users_by_a_move_between_folders(
    steps: list[tuple[Action, bool]],
) -> None:
    desk = fresh_desk()
    disk = library(desk, {"cats/a.mp4": "one", "a.mp4": "two", "dogs/b.mp4": "three", "b.mp4": "seven"})
    filed = contents_by_folder(disk)  # what the user has put where, at any time
    for step, looks in steps:
        before = contents_by_folder(disk)
        if step[0] == "we moved":
            desk.synchronize()
            our_move(desk, step[1], step[2])
        elif act(disk, step):
            if step[0] == "rename folder":
                filed = {(content, step[2] if folder == step[1] else folder) for content, folder in filed}
            elif step[0] in ("move", "swap"):  # the very file goes there, even if its content was there already
                filed |= {(disk.files[path][1], category_of(path)) for path in step[1:] if path in disk.files}
            else:
                filed |= contents_by_folder(disk) - before
        if looks:
            desk.synchronize()
            assert all((source is None) == (category_of(path) is None) for path, source in desk.sources().items())
            for content, label in desk.files.labels().items():
                assert (content, label) in filed, "the user never put this video there"


@slowly
@given(st.lists(st.tuples(actions, st.booleans()), max_size=15))
def test_a_second_sync_finds_nothing_to_change(steps: list[tuple[Action, bool]]) -> None:
    desk = fresh_desk()
    for step, looks in steps:
        act(desk.disk, step)
        if looks:
            desk.synchronize()
    desk.synchronize()
    assert desk.changes() == []


@slowly
@given(st.lists(st.tuples(actions, st.sets(path_of, max_size=3)), max_size=15))
def test_files_that_take_their_time_to_be_read_change_nothing_in_the_end(
    steps: list[tuple[Action, set[str]]],
) -> None:
    desk = fresh_desk()
    for step, unsettled in steps:
        act(desk.disk, step)
        desk.disk.unsettled = unsettled
        desk.synchronize()
    desk.disk.unsettled = set()
    desk.synchronize()
    assert desk.known() == {path: content for path, (_, content, _) in desk.disk.files.items()}
