"""A sync leaves alone what may be a part of a running download, and takes it once nobody comes for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.films import film
from support.house import Clock, House
from support.tree import make

from sorterd.library.plan import MoveRefused

HOUR = 3600.0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "videos", tmp_path / "state", Clock(time.time() + 10))
    yield house
    house.close()


def waits(house: House, seconds: float = 0.0) -> set[str]:
    house.clock.advance(seconds)
    return {waiting.path for waiting in house.synchronize().waiting}


@pytest.mark.parametrize("name", ["x.f137.mp4", "x.f11777206079v.mp4", "x.fhls-720.mp4", "x.fsd.mp4", "x.temp.mp4"])
def test_a_track_is_taken_once_nothing_has_joined_it_for_an_hour(house: House, name: str) -> None:
    house.lay_out({name: b"track", "cats": {name: b"another track", "a.mp4": b"cat"}})
    assert waits(house) == {name, f"cats/{name}"}
    assert waits(house, HOUR - 60) == {name, f"cats/{name}"}
    assert house.known() == {"cats/a.mp4": "user"}
    assert waits(house, 60) == set()
    assert house.known() == {"cats/a.mp4": "user", name: None, f"cats/{name}": "user"}


def test_a_sync_says_when_it_will_be_taken(house: House) -> None:
    house.lay_out({"x.f137.mp4": b"track"})
    seen = house.synchronize()
    assert seen.again_at == seen.waiting[0].until == pytest.approx(house.clock() + HOUR - 10, abs=5)


def test_every_file_of_the_download_begins_the_hour_anew(house: House) -> None:
    house.lay_out({"x.f137.mp4": b"track"})
    house.clock.advance(HOUR - 60)
    house.lay_out({"x.f140.m4a.part": b"more"})
    os.utime(house.root / "x.f140.m4a.part", (house.clock(), house.clock()))
    assert waits(house, 120) == {"x.f137.mp4"}
    assert waits(house, HOUR) == set()


def test_a_time_in_the_future_says_nothing(house: House) -> None:
    house.lay_out({"x.f137.mp4": b"track"})
    os.utime(house.root / "x.f137.mp4", (time.time() + 90 * HOUR,) * 2)
    assert waits(house) == {"x.f137.mp4"}
    assert waits(house, HOUR + 60) == set()


def test_when_it_is_joined_only_the_joined_file_is_ever_known(house: House) -> None:
    house.lay_out({"x.f137.mp4": b"track", "x.f140.m4a": b"sound"})
    waits(house)
    house.lay_out({"x.temp.mp4": b"both"})
    assert waits(house) == {"x.f137.mp4", "x.temp.mp4"}
    (house.root / "x.temp.mp4").rename(house.root / "x.mp4")
    (house.root / "x.f137.mp4").unlink()
    (house.root / "x.f140.m4a").unlink()
    assert waits(house) == set()
    assert house.known() == {"x.mp4": None}


@pytest.mark.parametrize("sound", [True, False])
def test_an_unknown_id_waits_only_without_sound(house: House, sound: bool) -> None:
    film(house.root / "x.fqrs.mp4", seconds=0.2, sound="sine" if sound else None)
    assert waits(house) == (set() if sound else {"x.fqrs.mp4"})
    assert waits(house, HOUR) == set()
    assert house.known() == {"x.fqrs.mp4": None}


@pytest.mark.parametrize("name", ["trip.final.mp4", "cats.funny.mp4", "IMG_2024.01.05.mp4", "part.2.mp4", "v1.2.mp4"])
def test_an_ordinary_name_is_taken_at_once_also_without_sound(house: House, name: str) -> None:
    film(house.root / name, seconds=0.2)
    assert waits(house) == set()
    assert house.known() == {name: None}


def test_a_known_video_that_comes_to_look_like_a_track_stays_known_but_is_not_moved(house: House) -> None:
    house.lay_out({"x.f137.mp4": b"track", "cats": {"a.mp4": b"cat"}})
    house.clock.advance(HOUR)
    house.synchronize()
    house.lay_out({"x.f140.m4a.part": b"more"})
    os.utime(house.root / "x.f140.m4a.part", (house.clock(), house.clock()))
    house.synchronize()
    assert house.known() == {"x.f137.mp4": None, "cats/a.mp4": "user"}
    with pytest.raises(MoveRefused, match="it looks like a track"):
        house.sort("x.f137.mp4")


def test_a_new_folder_is_a_category_once_a_video_is_at_rest_in_it(house: House) -> None:
    make(house.root, {"someone": {"x.f137.mp4": b"track"}, "empty": {}, "cats": {"a.mp4": b"cat"}})
    waits(house)
    assert house.store.files.folders() == {"empty", "cats"}
    make(house.root, {"someone": {"x.mp4": b"both"}})
    waits(house)
    assert house.store.files.folders() == {"empty", "cats", "someone"}


def test_a_known_folder_stays_one_while_its_only_video_waits(house: House) -> None:
    make(house.root, {"cats": {}})
    waits(house)
    make(house.root, {"cats": {"x.f137.mp4": b"track"}})
    waits(house)
    assert house.store.files.folders() == {"cats"}
    house.drag("cats", "felines")
    waits(house)
    assert house.store.files.folders() == {"felines"}
