"""Our own moves taken back, with real files and a real journal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.house import House, when_planned

from sorterd.library.move import MoveFailed
from sorterd.library.plan import MoveRefused
from sorterd.sorting.mover import UndoRefused
from sorting.test_mover import VIDEO, entry, rejections, with_video


def test_an_undone_move_is_back_in_the_inbox_held_and_rejected(house: House) -> None:
    content = with_video(house).content("a.mp4")
    house.sort("a.mp4")
    house.mover.undo(entry(house))
    assert house.on_disk() == VIDEO
    assert house.known() == {"a.mp4": None}
    assert house.store.files.held() == {content}
    assert rejections(house) == {content: {"cats"}}
    assert entry(house).undone
    assert (entry(house, 2).kind, entry(house, 2).undoes, entry(house, 2).step) == ("undo", 1, "done")
    assert house.store.journal.counts() == {"total": 1, "undone": 1, "corrected": 0}
    assert house.synchronize().changes == ()


def dragged_away(house: House) -> None:
    house.lay_out({"dogs": {}})
    house.drag("cats/a.mp4", "dogs/a.mp4")
    house.synchronize()


def replaced(house: House) -> None:
    house.lay_out({"b.mp4": b"another video"})
    house.synchronize()
    (house.root / "cats/a.mp4").write_bytes(b"another video")
    house.synchronize()


def replaced_unseen(house: House) -> None:
    (house.root / "cats/a.mp4").write_bytes(b"another video")


def old_place_taken(house: House) -> None:
    house.lay_out({"a.mp4": b"newcomer"})


def deleted(house: House) -> None:
    (house.root / "cats/a.mp4").unlink()


def renamed_to_a_taken_name(house: House) -> None:
    house.drag("cats/a.mp4", "cats/mia.mp4")
    house.lay_out({"mia.mp4": b"another"})
    house.synchronize()


def moved_again(house: House) -> None:
    house.drag("cats/a.mp4", "a.mp4")
    house.lay_out({"dogs": {}})
    house.synchronize()
    house.sort("a.mp4", "dogs")


def deleted_and_come_again(house: House) -> None:
    deleted(house)
    house.synchronize(believe=True)
    house.lay_out({"again.mp4": b"one", "dogs": {}})
    house.synchronize()
    house.sort("again.mp4", "dogs")


def corrected_beside_a_copy(house: House) -> None:
    house.lay_out({"cats": {"copy.mp4": b"one"}})
    house.synchronize()
    dragged_away(house)


def undone_before(house: House) -> None:
    house.mover.undo(entry(house))


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
def test_an_undo_is_refused_with_everything_as_it_was(
    house: House, activity: Callable[[House], None], reason: str
) -> None:
    with_video(house).sort("a.mp4")
    activity(house)
    before = house.on_disk(), house.store.files.known(), house.store.files.rejections(), house.store.files.held()
    with pytest.raises((UndoRefused, MoveRefused), match=reason):
        house.mover.undo(entry(house))
    assert before == (
        *(house.on_disk(), house.store.files.known(), house.store.files.rejections(), house.store.files.held()),
    )


def test_a_move_that_failed_cannot_be_undone(house: House) -> None:
    with_video(house)
    when_planned(house, (house.root / "a.mp4").unlink)
    with pytest.raises(MoveFailed):
        house.sort("a.mp4")
    with pytest.raises(UndoRefused, match="was not carried out"):
        house.mover.undo(entry(house))


def category_renamed(house: House) -> None:
    house.drag("cats", "felines")


def renamed_inside(house: House) -> None:
    house.drag("cats/a.mp4", "cats/mia.mp4")
    house.drag("cats/a.jpg", "cats/mia.jpg")


def both_renamed(house: House) -> None:
    renamed_inside(house)
    category_renamed(house)


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
    house: House, activity: Callable[[House], None], place: str, back: str, confirmed: bool
) -> None:
    content = with_video(house).content("a.mp4")
    house.sort("a.mp4")
    if confirmed:
        house.store.files.confirm("cats/a.mp4", now=1.0)
    activity(house)
    house.synchronize()
    moved = house.mover.undo(entry(house))
    assert (moved.plan.source, moved.plan.destination) == (place, back)
    assert house.known() == {back: None}
    assert house.on_disk() == {back: b"one", back.replace("mp4", "jpg"): b"picture", place.partition("/")[0]: {}}
    assert rejections(house) == {content: {place.partition("/")[0]}}
    assert house.synchronize().changes == ()


def test_of_two_copies_the_file_that_we_moved_goes_back(house: House) -> None:
    with_video(house).sort("a.mp4")
    (house.root / "cats/0.mp4").write_bytes(b"one")
    house.synchronize()
    house.drag("cats/a.mp4", "cats/z.mp4")
    house.synchronize()
    assert house.mover.undo(entry(house)).plan.source == "cats/z.mp4"
