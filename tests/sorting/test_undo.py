"""Our own moves taken back, with real files and a real journal."""

from collections.abc import Callable

import pytest
from support.workspace import Workspace, when_planned

from sorterd.library.move import MoveFailed
from sorterd.library.plan import MoveRefused
from sorterd.sorting.mover import UndoRefused
from sorting.test_mover import VIDEO, entry, rejections, with_video


def test_an_undone_move_is_back_in_the_inbox_held_and_rejected(workspace: Workspace) -> None:
    content = with_video(workspace).content("a.mp4")
    workspace.sort("a.mp4")
    workspace.mover.undo(entry(workspace))
    assert workspace.on_disk() == VIDEO
    assert workspace.known() == {"a.mp4": None}
    assert workspace.store.files.held() == {content}
    assert rejections(workspace) == {content: {"cats"}}
    assert entry(workspace).undone
    assert (entry(workspace, 2).kind, entry(workspace, 2).undoes, entry(workspace, 2).step) == ("undo", 1, "done")
    assert workspace.store.journal.counts() == {"total": 1, "undone": 1, "corrected": 0}
    assert workspace.synchronize().changes == ()


def dragged_away(workspace: Workspace) -> None:
    workspace.lay_out({"dogs": {}})
    workspace.drag("cats/a.mp4", "dogs/a.mp4")
    workspace.synchronize()


def replaced(workspace: Workspace) -> None:
    workspace.take_in({"b.mp4": b"another video"})
    (workspace.root / "cats/a.mp4").write_bytes(b"another video")
    workspace.synchronize()


def replaced_unseen(workspace: Workspace) -> None:
    (workspace.root / "cats/a.mp4").write_bytes(b"another video")


def old_place_taken(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"newcomer"})


def deleted(workspace: Workspace) -> None:
    (workspace.root / "cats/a.mp4").unlink()


def renamed_to_a_taken_name(workspace: Workspace) -> None:
    workspace.drag("cats/a.mp4", "cats/mia.mp4")
    workspace.take_in({"mia.mp4": b"another"})


def moved_again(workspace: Workspace) -> None:
    workspace.drag("cats/a.mp4", "a.mp4")
    workspace.take_in({"dogs": {}})
    workspace.sort("a.mp4", "dogs")


def deleted_and_come_again(workspace: Workspace) -> None:
    deleted(workspace)
    workspace.synchronize(believe=True)
    workspace.take_in({"again.mp4": b"one", "dogs": {}})
    workspace.sort("again.mp4", "dogs")


def corrected_beside_a_copy(workspace: Workspace) -> None:
    workspace.take_in({"cats": {"copy.mp4": b"one"}})
    dragged_away(workspace)


def undone_before(workspace: Workspace) -> None:
    workspace.mover.undo(entry(workspace))


def everything(workspace: Workspace) -> tuple[object, ...]:
    files = workspace.store.files
    return workspace.on_disk(), files.known(), files.rejections(), files.held()


@pytest.mark.parametrize(
    ("activity", "reason"),
    [
        (dragged_away, "cats/a.mp4 has been moved or changed since"),
        (replaced, "cats/a.mp4 has been moved or changed since"),
        (replaced_unseen, "cats/a.mp4 changed since it was looked at"),
        (deleted, "cats/a.mp4 cannot be reached"),
        (moved_again, "cats/a.mp4 has been moved or changed since"),
        (deleted_and_come_again, "cats/a.mp4 has been moved or changed since"),
        (corrected_beside_a_copy, "cats/a.mp4 has been moved or changed since"),
        (renamed_to_a_taken_name, "another file lies at mia.mp4"),
        (old_place_taken, "another file lies at a.mp4; move it away first"),
        (undone_before, "move 1 has been undone already"),
    ],
)
def test_a_refused_undo_moves_nothing(workspace: Workspace, activity: Callable[[Workspace], None], reason: str) -> None:
    with_video(workspace).sort("a.mp4")
    activity(workspace)
    before = everything(workspace)
    with pytest.raises((UndoRefused, MoveRefused), match=reason):
        workspace.mover.undo(entry(workspace))
    assert everything(workspace) == before


def test_a_move_that_failed_cannot_be_undone(workspace: Workspace) -> None:
    with_video(workspace)
    when_planned(workspace, (workspace.root / "a.mp4").unlink)
    with pytest.raises(MoveFailed):
        workspace.sort("a.mp4")
    with pytest.raises(UndoRefused, match="was not carried out"):
        workspace.mover.undo(entry(workspace))


def test_an_undo_is_said_to_be_one(workspace: Workspace) -> None:
    with_video(workspace)
    workspace.sort("a.mp4")
    workspace.mover.undo(entry(workspace))
    with pytest.raises(UndoRefused, match="it took move 1 back; move the file yourself"):
        workspace.mover.undo(entry(workspace, 2))


def category_renamed(workspace: Workspace) -> None:
    workspace.drag("cats", "felines")


def renamed_inside(workspace: Workspace) -> None:
    workspace.drag("cats/a.mp4", "cats/mia.mp4")
    workspace.drag("cats/a.jpg", "cats/mia.jpg")


def both_renamed(workspace: Workspace) -> None:
    renamed_inside(workspace)
    category_renamed(workspace)


@pytest.mark.parametrize(
    ("activity", "place", "back"),
    [
        (category_renamed, "felines/a.mp4", "a.mp4"),
        (renamed_inside, "cats/mia.mp4", "mia.mp4"),
        (both_renamed, "felines/mia.mp4", "mia.mp4"),
    ],
)
@pytest.mark.parametrize("confirmed", [False, True])
def test_a_video_goes_back_under_its_present_name_from_where_it_lies_now(
    workspace: Workspace, activity: Callable[[Workspace], None], place: str, back: str, confirmed: bool
) -> None:
    content = with_video(workspace).content("a.mp4")
    workspace.sort("a.mp4")
    if confirmed:
        workspace.store.files.confirm("cats/a.mp4", now=1.0)
    activity(workspace)
    workspace.synchronize()
    moved = workspace.mover.undo(entry(workspace))
    assert (moved.plan.source, moved.plan.destination) == (place, back)
    assert workspace.known() == {back: None}
    assert workspace.on_disk() == {back: b"one", back.replace("mp4", "jpg"): b"picture", place.partition("/")[0]: {}}
    assert rejections(workspace) == {content: {place.partition("/")[0]}}
    assert workspace.synchronize().changes == ()


def test_of_two_copies_the_file_that_we_moved_goes_back(workspace: Workspace) -> None:
    with_video(workspace).sort("a.mp4")
    (workspace.root / "cats/0.mp4").write_bytes(b"one")
    workspace.synchronize()
    workspace.drag("cats/a.mp4", "cats/z.mp4")
    workspace.synchronize()
    assert workspace.mover.undo(entry(workspace)).plan.source == "cats/z.mp4"
