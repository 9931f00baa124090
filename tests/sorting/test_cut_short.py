"""Moves that a crash cuts short, at any step, and what becomes of them at the next start."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from support.disks import as_nobody, dead_mount, small_disk
from support.faults import as_if_other_disk
from support.house import House
from support.killed import killed_at_every_step
from support.running import Running, Words

from sorterd.activity import Fault
from sorterd.library.endpoints import Ends
from sorterd.sorting.mover import MoveUnclear
from sorting.test_mover import MOVED, VIDEO, entry, with_video


def holds_together(house: House, content: str) -> None:
    """After a crash and a recovery: one whole video, in step with the store, and nobody takes us for the user."""
    assert house.store.journal.unfinished() == []
    assert house.synchronize().changes == ()
    lies_at = [path for path in house.known() if (house.root / path).exists()]
    assert len(lies_at) == 1
    assert house.content(lies_at[0]) == content
    assert house.store.files.labels() == {}
    assert not any(path.name.startswith(".") for path in (house.root / "cats").iterdir())


def prepared(tmp_path: Path, *, moved: bool = False) -> Callable[[], House]:
    numbers = count()

    def prepare() -> House:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        house = with_video(House(folder / "videos", folder / "state", durable=False))
        if moved:
            house.sort("a.mp4")
        return house

    return prepare


def undo(house: House) -> None:
    house.mover.undo(entry(house))


@pytest.mark.parametrize("disk", ["same disk", "other disk"])
@pytest.mark.parametrize("act", ["sort", "undo"])
def test_killed_at_any_step_and_recovered_everything_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: str, act: str
) -> None:
    if disk == "other disk":
        as_if_other_disk(monkeypatch.setattr)
    steps = 0
    doing: Callable[[House], object] = undo if act == "undo" else lambda house: house.sort("a.mp4")
    for house in killed_at_every_step(prepared(tmp_path, moved=act == "undo"), doing):
        steps += 1
        (content,) = {file.fingerprint for file in house.store.files.known().files.values()}
        house.mover.recover()
        holds_together(house, content)
        if act == "undo" and "a.mp4" in house.known():
            assert entry(house).undone
            assert house.store.files.held() == {content}
        assert house.mover.recover() == []
        house.close()
    assert steps > 4


def test_killed_at_any_step_of_the_recovery_too_everything_holds(tmp_path: Path) -> None:
    """A crash after the rename, before it was recorded; and then the recovery is cut short as well."""

    prepare = prepared(tmp_path)
    for house in killed_at_every_step(lambda: cut_short(prepare()), lambda house: house.mover.recover()):
        house.mover.recover()
        holds_together(house, house.content("cats/a.mp4"))
        assert house.known() == {"cats/a.mp4": "auto"}
        house.close()


def cut_short(house: House, before: str = "sorterd.sorting.mover.Mover._record") -> House:
    """Leave a move that was carried out on disk and written down, but not recorded; or one that came less far."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(before, die)
        with pytest.raises(KeyboardInterrupt):
            house.sort("a.mp4")
    return house


def test_what_has_taken_the_place_of_our_copy_after_the_crash_is_not_taken_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_if_other_disk(monkeypatch.setattr)
    house.lay_out({"b.mp4": b"two", "c.mp4": b"three"})
    cut_short(with_video(house))
    (house.root / "cats/a.mp4").write_bytes(b"trimmed by the user")
    house.synchronize(settle_moves=house.mover.recover)
    assert house.at("cats/a.mp4").fingerprint == house.content("cats/a.mp4")


def test_a_sidecar_that_cannot_follow_after_the_crash_is_told_of(house: House) -> None:
    cut_short(with_video(house))
    house.drag("cats/a.jpg", "a.jpg")  # as if the crash had come before it followed
    house.lay_out({"cats": {"a.jpg": b"theirs"}})
    running = Running(house, Words(house.clock))
    running.run()
    assert house.on_disk() == {"a.jpg": b"picture", "cats": {"a.mp4": b"one", "a.jpg": b"theirs"}}
    assert "a.jpg" in [trouble.path for trouble in running.heard(Fault)]


def test_sidecars_that_had_not_followed_at_the_crash_do_so_afterwards(house: House) -> None:
    cut_short(with_video(house), before="sorterd.library.move._move_sidecars")
    assert house.on_disk() == {"a.jpg": b"picture", "cats": {"a.mp4": b"one"}}
    house.mover.recover()
    assert house.on_disk() == MOVED


def test_half_a_copy_is_cleared_away_wherever_the_user_has_taken_its_folder(house: House) -> None:
    cut_short(with_video(house), before="sorterd.sorting.mover.carry_out")
    (house.root / "cats" / Ends(0, "a.mp4", 0, "a.mp4").part).write_bytes(b"o")
    house.drag("cats", "felines")
    house.mover.recover()
    assert house.on_disk() == {"a.mp4": b"one", "a.jpg": b"picture", "felines": {}}


def test_what_a_recovery_has_put_right_is_not_news_to_its_sync(house: House) -> None:
    """Where names are moved as hard links, a crash leaves both of them."""
    cut_short(with_video(house))
    (house.root / "a.mp4").hardlink_to(house.root / "cats/a.mp4")
    assert house.synchronize(settle_moves=house.mover.recover).changes == ()
    assert house.known() == {"cats/a.mp4": "auto"}


def test_what_the_user_did_with_a_video_after_the_crash_counts(house: House) -> None:
    cut_short(with_video(house))
    house.lay_out({"dogs": {}})
    house.drag("cats/a.mp4", "dogs/a.mp4")
    house.mover.recover()
    house.synchronize()
    assert house.known() == {"dogs/a.mp4": "user"}


def test_a_video_whose_folder_was_renamed_after_the_crash_is_still_ours(house: House) -> None:
    cut_short(with_video(house))
    house.drag("cats", "felines")
    house.synchronize(settle_moves=house.mover.recover)
    assert house.known() == {"felines/a.mp4": "auto"}
    assert entry(house).step == "done"


def test_a_video_whose_folder_was_renamed_after_the_crash_is_ours_also_on_a_disk_with_another_number(
    house: House,
) -> None:
    cut_short(with_video(house))
    house.drag("cats", "felines")
    for table in ("files", "categories", "moves"):
        house.store.connection.execute(f"UPDATE {table} SET device = device + 7")
    house.synchronize(settle_moves=house.mover.recover)
    assert house.known() == {"felines/a.mp4": "auto"}


def test_a_move_cut_short_is_not_settled_while_the_disk_is_away(house: House) -> None:
    """The mount point is an empty folder, the service starts before the disk is there."""
    cut_short(with_video(house))
    house.root.rename(house.root.with_name("elsewhere"))
    house.root.mkdir()
    house.restart()
    assert house.synchronize(settle_moves=house.mover.recover).doubt is not None
    house.root.rmdir()
    house.root.with_name("elsewhere").rename(house.root)
    assert house.synchronize(settle_moves=house.mover.recover).changes == ()
    assert house.known() == {"cats/a.mp4": "auto"}


def test_a_move_to_a_disk_that_is_away_now_is_not_settled(tmp_path: Path) -> None:
    """The video was copied there, and the original removed; then the power failed, and the disk is not mounted yet."""
    (tmp_path / "videos").mkdir()
    house = House(tmp_path / "videos", tmp_path / "state")
    house.lay_out({"a.mp4": b"one", "dogs": {"d.mp4": b"dog"}, "cats": {}})
    with small_disk(house.root / "cats"):
        house.synchronize()
        cut_short(house)
        assert not (house.root / "a.mp4").exists()
    house.restart()
    for _ in range(2):
        with pytest.raises(MoveUnclear, match="its folder is away"):
            house.synchronize(settle_moves=house.mover.recover)
    assert len(house.store.journal.unfinished()) == 1
    house.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who may less than this one")
def test_a_move_whose_folders_cannot_be_looked_at_stays_open(shared_house: House) -> None:
    cut_short(with_video(shared_house))
    (shared_house.root / "cats").chmod(0)
    with as_nobody(), pytest.raises(MoveUnclear, match=r"a\.mp4 was being moved"):
        shared_house.mover.recover()
    shared_house.mover.recover()
    holds_together(shared_house, shared_house.content("cats/a.mp4"))


def test_a_dead_mount_elsewhere_does_not_keep_a_move_that_was_not_begun_from_being_settled(house: House) -> None:
    house.lay_out({**VIDEO, "dogs": {}})
    house.synchronize()
    file = house.at("a.mp4")
    house.store.journal.plan(
        kind="sort", fingerprint=file.fingerprint, source="a.mp4", destination="cats/a.mp4", sidecars=(), id=file.id,
        reason="looks like it", now=house.clock.now, confidence=0.9,
    )  # fmt: skip
    with dead_mount(house.root / "dogs"):
        house.synchronize(settle_moves=house.mover.recover)
    assert entry(house).step == "failed"
    assert house.known() == {"a.mp4": None}
