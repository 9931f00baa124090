"""A scan records where the caption of each video may stand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.house import House

from sorterd.captions.source import CaptionSource


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "videos", tmp_path / "state", captions=True)


def sources(house: House) -> dict[str, CaptionSource]:
    return {os.fsdecode(path): CaptionSource.parse(seen) for path, seen in house.store.captions.sources().items()}


def test_each_video_has_its_name_and_its_text_sidecars(house: House) -> None:
    house.lay_out({"a.mp4": b"1", "a.txt": b"a cat", "cats": {"b.mp4": b"2"}})
    house.synchronize()
    found = sources(house)
    assert found["cats/b.mp4"] == CaptionSource("b.mp4")
    assert [(one.name, one.size) for one in found["a.mp4"].sidecars] == [("a.txt", 5)]


def test_a_sidecar_that_comes_changes_or_goes_is_another_source(house: House) -> None:
    house.lay_out({"a.mp4": b"1"})
    house.synchronize()
    seen = [sources(house)["a.mp4"]]
    for content in (b"a cat", b"a dog!", b"A dog!"):
        (house.root / "a.txt").write_bytes(content)
        house.synchronize()
        seen.append(sources(house)["a.mp4"])
    (house.root / "a.txt").unlink()
    house.synchronize()
    assert len(set(seen)) == 4
    assert sources(house)["a.mp4"] == seen[0]


@pytest.mark.parametrize("restart", [False, True])
def test_a_sync_that_finds_nothing_else_writes_nothing(house: House, restart: bool) -> None:
    house.lay_out({"a.mp4": b"1", "a.txt": b"a cat", "b.mp4": b"2"})
    house.synchronize()
    if restart:
        house.restart()
    before = house.store.changes()
    house.synchronize()
    assert house.store.changes() == before


def test_a_video_that_went_has_no_source(house: House) -> None:
    house.lay_out({"a.mp4": b"1", "b.mp4": b"2"})
    house.synchronize()
    (house.root / "a.mp4").rename(house.root / "c.mp4")
    house.synchronize()
    assert sources(house).keys() == {"b.mp4", "c.mp4"}


def test_only_a_name_with_an_id_has_databases(house: House) -> None:
    house.lay_out({"7234567890123456789.mp4": b"1", "cat.mp4": b"2"})
    (house.root / ".appdata").mkdir()
    (house.root / ".appdata/db_texts.js").write_text("x")
    house.synchronize()
    found = sources(house)
    assert [Path(file.name).name for file in found["7234567890123456789.mp4"].databases] == ["db_texts.js"]
    assert found["cat.mp4"].databases == ()


def test_switched_off_all_that_is_known_of_captions_is_forgotten(house: House) -> None:
    house.lay_out({"a.mp4": b"1", "a.txt": b"a cat"})
    house.synchronize()
    assert sources(house)
    house.captions = False
    house.restart()
    house.synchronize()
    assert sources(house) == {}
