"""Pictures are kept within their limit, agree with their records after a crash, and are not drawn again and again."""

from __future__ import annotations

import shutil
from hashlib import blake2b

import pytest
from support.house import House
from support.rows import SPACE, features, fill, known

from sorterd.backoff import MAX_ATTEMPTS
from sorterd.pictures import files
from sorterd.pipeline.picture_archive import BATCH, LOOK_SECONDS, PictureArchive

PAIR = 100  # bytes


def content(name: str) -> str:
    return blake2b(name.encode(), digest_size=16).hexdigest()


def archive(house: House, limit: int = 10 * PAIR) -> PictureArchive:
    return PictureArchive(house.state, house.store, limit, house.clock)


def save(kept: PictureArchive, *names: str) -> None:
    for name in names:
        kept.save(content(name), bytes(60), bytes(40))


def have(house: House, *names: str) -> None:
    fill(house.store, *(known(f"{name}.mp4", content(name)) for name in names))
    for name in names:
        house.store.features.add(features(content(name)), SPACE, now=1.0)


def on_disk(house: House) -> dict[str, int]:
    return files.find(house.state).contents


def test_saved_pictures_are_files_with_a_record(house: House) -> None:
    save(archive(house), "a")
    assert on_disk(house) == house.store.pictures.recorded() == {content("a"): PAIR}


def test_above_the_limit_the_least_needed_go_and_are_not_drawn_again(house: House) -> None:
    have(house, "waits")
    kept = archive(house)
    save(kept, "waits", *(f"gone {i}" for i in range(10)))
    assert set(on_disk(house)) == set(house.store.pictures.recorded())
    assert len(on_disk(house)) == 9
    assert content("waits") in on_disk(house)
    have(house, "another")
    assert not kept.any_missing(SPACE)


def test_without_room_for_one_nothing_is_kept(house: House) -> None:
    save(archive(house, PAIR - 1), "a")
    assert on_disk(house) == {}
    assert house.store.pictures.totals() == (0, 0)


def test_what_a_crash_left_without_a_record_is_removed(house: House) -> None:
    files.save(house.state, content("unrecorded"), b"poster", b"strip")
    kept = archive(house)
    save(kept, "a")
    kept.tidy()
    assert set(on_disk(house)) == {content("a")}


def test_nothing_of_the_user_is_removed_if_the_folder_is_a_link_to_theirs(house: House) -> None:
    album = house.state.parent / "album" / "summer"
    album.mkdir(parents=True)
    (album / "beach.webp").write_bytes(b"mine")
    (house.state / files.FOLDER).symlink_to(album.parent)
    kept = archive(house)
    save(kept, "a")
    archive(house, 0).tidy()
    assert on_disk(house) == {}
    assert (album / "beach.webp").read_bytes() == b"mine"


def test_records_of_files_that_are_gone_or_cut_short_are_dropped_and_drawn_again(house: House) -> None:
    have(house, "a", "b", "c")
    kept = archive(house)
    save(kept, "a", "b", "c")
    files.forget(house.state, content("a"))
    files.poster_path(house.state, content("b")).write_bytes(b"")  # a power cut
    kept.tidy()
    assert set(on_disk(house)) == {content("c")}
    assert set(house.store.pictures.missing(SPACE, now=1.0, limit=9)) == {content("a"), content("b")}
    shutil.rmtree(house.state / files.FOLDER)
    kept.tidy()
    assert house.store.pictures.totals() == (0, 0)


def test_if_none_are_to_be_kept_those_there_are_removed(house: House) -> None:
    save(archive(house), "a", "b")
    none = archive(house, 0)
    none.tidy()
    save(none, "c")
    assert on_disk(house) == {}
    assert house.store.pictures.totals() == (0, 0)


def test_a_smaller_limit_holds_from_the_next_start_on(house: House) -> None:
    save(archive(house), *"abcdef")
    archive(house, 3 * PAIR).tidy()
    assert len(on_disk(house)) == 2


@pytest.mark.parametrize("attempts", [1, MAX_ATTEMPTS])
def test_an_attempt_counts_from_its_beginning_and_the_last_one_is_the_last(house: House, attempts: int) -> None:
    have(house, "a")
    kept = archive(house)
    for _ in range(attempts):
        house.clock.advance(7 * 24 * 3600)
        assert kept.any_missing(SPACE)
        assert kept.take() == [content("a")]
        kept.begun(content("a"))  # and then the worker, or all of sorterd, ends
        kept = archive(house)
    assert not kept.any_missing(SPACE)
    house.clock.advance(7 * 24 * 3600)
    assert kept.any_missing(SPACE) == (attempts < MAX_ATTEMPTS)


def test_what_has_failed_before_is_drawn_alone(house: House) -> None:
    have(house, *"abcdefg")
    kept = archive(house)
    assert kept.any_missing(SPACE)
    assert len(kept.take()) == BATCH
    for name in "abcdefg":
        kept.begun(content(name))
    house.clock.advance(3600.0)
    again = archive(house)
    assert again.any_missing(SPACE)
    assert len(again.take()) == 1


def test_a_video_that_is_the_cause_itself_is_not_tried_again(house: House) -> None:
    have(house, "a")
    kept = archive(house)
    kept.begun(content("a"))
    kept.give_up(content("a"))
    house.clock.advance(365 * 24 * 3600)
    assert not kept.any_missing(SPACE)


def test_the_store_is_asked_once_in_a_while_only(house: House) -> None:
    kept = archive(house)
    assert not kept.any_missing(SPACE)
    have(house, "a")
    assert not kept.any_missing(SPACE)
    house.clock.advance(LOOK_SECONDS)
    assert kept.any_missing(SPACE)
