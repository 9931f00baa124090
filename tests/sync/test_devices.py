"""Disks that got another number: the files on them are still the same, whatever else has happened to them."""

from support.workspace import Workspace

from sorterd.changes import CategoryRenamed, Known, KnownFile
from sorterd.library.files import FileId, FolderId, Listing, SeenFile
from sorterd.store.settings import ROOT
from sorterd.sync.guard import renumbered


def known(*ids: FileId) -> Known:
    return Known({str(nr): KnownFile(str(nr), id, "a" * 32) for nr, id in enumerate(ids)}, {})


def listing(*ids: FileId) -> Listing:
    return Listing(FolderId(1, 1), {f"x{nr}": SeenFile(f"x{nr}", id, 0) for nr, id in enumerate(ids)})


def file(device: int, inode: int) -> FileId:
    return FileId(device, inode, 100 + inode, 200 + inode)


def test_a_disk_with_another_number_is_told_by_its_files_whatever_their_names() -> None:
    assert renumbered(known(file(5, 1), file(5, 2)), listing(file(9, 2))) == {5: 9}


def test_two_disks_may_have_swapped_their_numbers() -> None:
    assert renumbered(known(file(5, 1), file(9, 2)), listing(file(9, 1), file(5, 2))) == {5: 9, 9: 5}


def test_a_disk_that_is_still_there_has_no_other_number() -> None:
    assert renumbered(known(file(5, 1), file(5, 2)), listing(file(5, 1), file(9, 2))) == {}
    assert renumbered(known(file(5, 1)), listing(file(5, 1))) == {}


def test_where_files_disagree_or_nothing_is_known_nothing_is_said() -> None:
    assert renumbered(known(file(5, 1), file(5, 2)), listing(file(8, 1), file(9, 2))) == {}
    assert renumbered(known(file(5, 1)), listing(file(5, 2), file(9, 2))) == {}
    assert renumbered(known(), listing(file(9, 2))) == {}


def with_another_number(workspace: Workspace) -> None:
    """As if the system had called the disk something else until now."""
    for table in ("files", "categories"):
        workspace.store.connection.execute(f"UPDATE {table} SET device = device + 7")
    device, inode = workspace.store.notes.get(ROOT) or [0, 0]
    workspace.store.notes.put(ROOT, [device + 7, inode])


def test_a_category_renamed_meanwhile_is_still_one_renaming_and_our_moves_stay_ours(workspace: Workspace) -> None:
    workspace.take_in({"cats": {"c.mp4": b"cat"}, "a.mp4": b"one"})
    workspace.sort("a.mp4")
    with_another_number(workspace)
    workspace.drag("cats", "felines")
    seen = workspace.synchronize(should_stop=lambda: True)  # nothing has to be read again
    assert seen.changes == (CategoryRenamed("cats", "felines"),)
    assert workspace.known() == {"felines/c.mp4": "user", "felines/a.mp4": "auto"}
    assert workspace.store.files.rejections() == {}
    assert workspace.store.journal.counts()["corrected"] == 0
    assert workspace.synchronize().changes == ()


def test_a_large_library_on_a_disk_with_another_number_is_not_in_doubt(workspace: Workspace) -> None:
    workspace.take_in({"cats": {f"{number}.mp4": b"%d" % number for number in range(30)}})
    with_another_number(workspace)
    workspace.drag("cats", "felines")
    assert workspace.synchronize().doubt is None


def test_another_disk_in_the_same_place_is_in_doubt(workspace: Workspace) -> None:
    workspace.take_in({"cats": {f"{number}.mp4": b"%d" % number for number in range(30)}})
    with_another_number(workspace)
    workspace.root.rename(workspace.root.with_name("old"))
    workspace.lay_out({"cats": {"0.mp4": b"something else"}})
    assert workspace.synchronize().doubt is not None
    assert len(workspace.known()) == 30
