"""What reconciling must always hold, whatever the user does in whatever order."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st
from support.simulation import Disk, Simulation, library, new_simulation

from sorterd.changes import KnownFile
from sorterd.library.files import category_of

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
slowly = settings(max_examples=int(os.environ.get("SORTERD_EXAMPLES", "150")), deadline=None)


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


def our_move(sim: Simulation, source: str, folder: str) -> bool:
    """Let us move a file of the inbox, on disk and in the tables at once, as after a sync."""
    target = f"{folder}/{source}"
    file = sim.files.at(source)
    if file is None or file.category is not None or folder not in sim.disk.folders or target in sim.disk.files:
        return False
    sim.disk.move(source, target)
    sim.files.move(source, KnownFile(target, file.id, file.fingerprint, "auto"), now=1.0)
    return True


@slowly
@given(st.lists(actions, max_size=15))
def test_a_sync_after_every_step_and_one_at_the_end_come_to_the_same(steps: list[Action]) -> None:
    watched, slept = new_simulation(), new_simulation()
    slept.disk = watched.disk
    for step in steps:
        if act(watched.disk, step):
            watched.synchronize()
    slept.synchronize()
    there = {path: content for path, (_, content, _) in watched.disk.files.items()}
    for sim in (watched, slept):
        assert sim.known() == there
        assert set(sim.files.categories()) == set(watched.disk.folders)
        assert {path: file.category for path, file in sim.files.known().files.items()} == {
            path: category_of(path) for path in there
        }


@slowly
@given(st.lists(st.tuples(actions, st.booleans()), max_size=20))
def test_a_label_is_the_folders_name_and_ours_only_becomes_the_users_by_a_move_between_folders(
    steps: list[tuple[Action, bool]],
) -> None:
    sim = new_simulation()
    disk = library(sim, {"cats/a.mp4": "one", "a.mp4": "two", "dogs/b.mp4": "three", "b.mp4": "seven"})
    filed = contents_by_folder(disk)  # what the user has put where, at any time
    for step, looks in steps:
        before = contents_by_folder(disk)
        if step[0] == "we moved":
            sim.synchronize()
            our_move(sim, step[1], step[2])
        elif act(disk, step):
            if step[0] == "rename folder":
                filed = {(content, step[2] if folder == step[1] else folder) for content, folder in filed}
            elif step[0] in ("move", "swap"):  # the very file goes there, even if its content was there already
                filed |= {(disk.files[path][1], category_of(path)) for path in step[1:] if path in disk.files}
            else:
                filed |= contents_by_folder(disk) - before
        if looks:
            sim.synchronize()
            assert all((source is None) == (category_of(path) is None) for path, source in sim.sources().items())
            for content, label in sim.files.labels().items():
                assert (content, label) in filed, "the user never put this video there"


@slowly
@given(st.lists(st.tuples(actions, st.booleans()), max_size=15))
def test_a_second_sync_finds_nothing_to_change(steps: list[tuple[Action, bool]]) -> None:
    sim = new_simulation()
    for step, looks in steps:
        act(sim.disk, step)
        if looks:
            sim.synchronize()
    sim.synchronize()
    assert sim.changes() == []


@slowly
@given(st.lists(st.tuples(actions, st.sets(path_of, max_size=3)), max_size=15))
def test_files_that_take_their_time_to_be_read_change_nothing_in_the_end(
    steps: list[tuple[Action, set[str]]],
) -> None:
    sim = new_simulation()
    for step, unsettled in steps:
        act(sim.disk, step)
        sim.disk.unsettled = unsettled
        sim.synchronize()
    sim.disk.unsettled = set()
    sim.synchronize()
    assert sim.known() == {path: content for path, (_, content, _) in sim.disk.files.items()}
