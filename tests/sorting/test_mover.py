"""Our own moves with real files and a real journal. What a crash cuts short: test_cut_short.py."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from support.disks import small_disk
from support.house import House, when_planned

from sorterd.library.move import MoveFailed
from sorterd.library.plan import MoveRefused
from sorterd.store.anchors import StateGone
from sorterd.store.database import StoreError
from sorterd.store.journal import Entry
from sorterd.store.store import DATABASE

VIDEO = {"a.mp4": b"one", "a.jpg": b"picture", "cats": {}}


MOVED = {"cats": {"a.mp4": b"one", "a.jpg": b"picture"}}


def with_video(house: House) -> House:
    house.lay_out(VIDEO)
    house.synchronize()
    return house


def entry(house: House, number: int = 1) -> Entry:
    found = house.store.journal.get(number)
    assert found is not None
    return found


def rejections(house: House) -> dict[str, set[str]]:
    return {content: set(folders) for content, folders in house.store.files.rejections().items()}


def test_a_sorted_video_lies_in_its_folder_with_its_sidecars_and_a_label_of_ours(house: House) -> None:
    with_video(house).sort("a.mp4")
    assert house.on_disk() == MOVED
    assert house.known() == {"cats/a.mp4": "auto"}
    assert house.store.files.labels() == {}
    made = entry(house)
    assert (made.kind, made.step, made.source, made.destination) == ("sort", "done", "a.mp4", "cats/a.mp4")
    assert (made.confidence, made.reason, made.at) == (0.9, "looks like it", house.clock.now)


def test_our_own_move_is_not_news_to_the_next_sync(house: House) -> None:
    with_video(house).sort("a.mp4")
    assert house.synchronize().changes == ()
    house.restart()
    assert house.synchronize().changes == ()


def test_a_move_to_another_disk_is_not_news_to_the_next_sync(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    with small_disk(tmp_path / "videos" / "cats"):
        house = with_video(House(tmp_path / "videos", tmp_path / "state"))
        house.sort("a.mp4")
        assert house.on_disk() == MOVED
        assert house.synchronize(should_stop=lambda: pytest.fail("our own copy was read")).changes == ()
        house.close()


def test_a_taken_name_is_left_alone_where_the_user_wants_that(tmp_path: Path) -> None:
    house = House(tmp_path / "videos", tmp_path / "state", on_conflict="skip")
    house.lay_out({"a.mp4": b"one", "cats": {"a.mp4": b"other"}})
    house.synchronize()
    with pytest.raises(MoveRefused, match="is taken in the folder cats"):
        house.sort("a.mp4")
    assert house.known() == {"a.mp4": None, "cats/a.mp4": "user"}
    house.close()


def test_a_name_that_is_taken_at_the_last_moment_is_planned_again(house: House) -> None:
    name = "caf\udce9.mp4"  # not UTF-8: the journal must be able to say what was wrong with it
    house.lay_out({name: b"one", "cats": {}})
    house.synchronize()
    when_planned(house, lambda: (house.root / "cats" / name).write_bytes(b"quicker"))
    assert house.sort(name).plan.destination == "cats/caf\udce9 (2).mp4"
    assert house.on_disk() == {"cats": {name: b"quicker", "caf\udce9 (2).mp4": b"one"}}
    assert (entry(house, 1).step, entry(house, 2).step) == ("failed", "done")
    assert r"cats/caf\xe9.mp4 was taken" in entry(house, 1).reason


def test_a_video_that_changes_at_the_last_moment_stays_and_the_journal_says_why(house: House) -> None:
    with_video(house)
    when_planned(house, lambda: (house.root / "a.mp4").write_bytes(b"changed"))
    with pytest.raises(MoveFailed, match="changed while it was about to be moved"):
        house.sort("a.mp4")
    assert entry(house).step == "failed"
    assert house.on_disk() == {**VIDEO, "a.mp4": b"changed"}


def test_a_video_that_is_no_longer_what_was_looked_at_is_not_even_planned(house: House) -> None:
    with_video(house)
    (house.root / "a.mp4").write_bytes(b"changed")
    with pytest.raises(MoveRefused, match="changed since it was looked at"):
        house.sort("a.mp4")
    assert house.store.journal.get(1) is None


def test_a_video_that_somebody_has_opened_for_writing_since_it_was_looked_at_stays(house: House) -> None:
    with_video(house)
    with (house.root / "a.mp4").open("ab"), pytest.raises(MoveRefused, match=r"somebody is writing to a\.mp4"):
        house.sort("a.mp4")
    assert house.on_disk() == VIDEO


def test_a_video_whose_download_goes_on_since_it_was_looked_at_stays(house: House) -> None:
    with_video(house)
    house.lay_out({"a.mp4.aria2": b""})
    with pytest.raises(MoveRefused, match=r"a\.mp4\.aria2 beside it says that it is not whole yet"):
        house.sort("a.mp4")


def test_nothing_is_moved_over_what_the_user_has_just_taken_from_there(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"a.mp4": b"other"}, "dogs": {}})
    house.synchronize()
    house.drag("cats/a.mp4", "dogs/a.mp4")  # not looked at yet: we still know it in cats
    with pytest.raises(MoveRefused, match="has to be looked at first"):
        house.sort("a.mp4")
    house.synchronize()
    assert rejections(house) == {house.content("dogs/a.mp4"): {"cats"}}
    assert house.sort("a.mp4").plan.destination == "cats/a.mp4"


def test_nothing_is_moved_into_a_folder_that_only_has_the_name_of_the_one_we_know(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"c.mp4": b"other"}})
    house.synchronize()
    house.drag("cats", "felines")
    house.lay_out({"cats": {}})  # neither is looked at yet
    with pytest.raises(MoveRefused, match="has to be looked at first"):
        house.sort("a.mp4")
    house.synchronize()
    house.sort("a.mp4")
    house.synchronize()
    assert house.known() == {"cats/a.mp4": "auto", "felines/c.mp4": "user"}


def test_a_move_that_cannot_be_written_down_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with small_disk(tmp_path / "state", "1m") as disk:
        house = with_video(House(tmp_path / "videos", tmp_path / "state"))
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"0" * 512):
                pass

        def sort_on_and_on() -> None:  # the log of the database may have had room for one more
            for number in range(1000):
                house.lay_out({f"{number}.mp4": b"%d" % number})
                house.synchronize()
                house.sort(f"{number}.mp4")

        with pytest.raises((sqlite3.OperationalError, StoreError)):
            sort_on_and_on()
        filler.unlink()
        house.restart()
        house.synchronize(settle_moves=house.mover.recover)
        holds = {path: house.at(path).fingerprint for path in house.known()}
        assert holds == {path: house.content(path) for path in holds}
        assert house.store.files.labels() == {}
        assert house.store.journal.unfinished() == []
        house.close()


def test_a_move_is_not_made_once_the_database_is_another_file_than_the_one_it_is_written_to(house: House) -> None:
    with_video(house)
    (house.state / DATABASE).rename(house.state / "aside")
    with pytest.raises(StateGone):
        house.sort("a.mp4")
    assert house.on_disk() == VIDEO
