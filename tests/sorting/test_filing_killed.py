"""Killed at any step of filing a video or taking that back, it was filed or not."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from support.faults import as_if_other_disk
from support.house import House
from support.killed import killed_at_every_step

from sorterd.store.store import DATABASE
from sorting.filing import file
from sorting.test_mover import entry, rejections


@pytest.mark.parametrize(("act", "disk"), [("file", "other disk"), ("undo", "same disk")])
def test_killed_at_any_step_it_was_filed_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, disk: str
) -> None:
    if disk == "other disk":
        as_if_other_disk(monkeypatch.setattr)
    numbers = count()

    def prepare() -> House:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        house = House(folder / "videos", folder / "state", durable=False)
        house.clock.now = 2e9
        house.lay_out({"a.mp4": b"one", "dogs": {"d.mp4": b"two", "e.mp4": b"three"}, "cats": {}})
        house.synchronize()
        house.sort("a.mp4")
        if act == "undo":
            file(house, "cats/a.mp4", folder="dogs")
        return house

    def do(house: House) -> None:
        if act == "undo":
            house.mover.undo(house.store.journal.latest(1)[0])
        else:
            file(house, "cats/a.mp4", folder="dogs")

    outcomes = set()
    for house in killed_at_every_step(prepare, do):
        if next(numbers) % 3 == 0:  # the database is lost as well
            house.close()
            for part in house.state.glob(f"{DATABASE}*"):
                part.unlink()
            house.open()
        house.synchronize(settle_moves=house.mover.recover)
        assert house.synchronize().changes == ()
        assert house.store.journal.unfinished() == []
        (path,) = house.known().keys() - {"dogs/d.mp4", "dogs/e.mp4"}
        assert (house.root / path).read_bytes() == b"one"
        ours, theirs = (path, house.known()[path]) == ("cats/a.mp4", "auto"), house.known()[path] == "user"
        assert ours or (theirs and path == "dogs/a.mp4")
        assert sum(map(len, rejections(house).values())) == int(theirs)
        assert entry(house).corrected is theirs
        outcomes.add(path)
        house.close()
    assert outcomes == {"cats/a.mp4", "dogs/a.mp4"}
