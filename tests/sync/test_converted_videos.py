"""A program puts another form of a video in the place of one that we have moved, while the service runs or not: our
guess does not become the user's word, and the move can still be taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.house import House
from support.running import Running, Words

Step = Callable[[House], None]


def comes(name: str) -> Step:
    return lambda house: house.lay_out({"cats": {name: b"cat 3, smaller"}})


def goes(house: House) -> None:
    (house.root / "cats/new.mp4").unlink()


def set_aside(house: House) -> None:
    house.drag("cats/new.mp4", "cats/new_original.mp4")


def the_rest_goes(house: House) -> None:
    (house.root / "cats/new_original.mp4").unlink()


STORIES: dict[str, tuple[str, list[Step]]] = {
    "the first goes first": ("new.mkv", [goes, comes("new.mkv")]),
    "the first goes last": ("new.mkv", [comes("new.mkv"), goes]),
    "written over": ("new.mp4", [comes("new.mp4")]),
    "a numbered name": ("new (1).mp4", [comes("new (1).mp4"), goes]),
    "set aside": ("new.mp4", [set_aside, comes("new.mp4"), the_rest_goes]),
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("looks", ["after every step", "at the end", "at the end, after a restart"])
def test_our_move_stays_ours_and_can_be_undone(house: House, story: str, looks: str) -> None:
    name, steps = STORIES[story]
    house.lay_out({"cats": {"c1.mp4": b"cat 1"}, "dogs": {"d1.mp4": b"dog 1"}, "new.mp4": b"cat 3"})
    running = Running(house, Words(house.clock))
    running.run()
    assert house.known()["cats/new.mp4"] == "auto"
    for step in steps:
        step(house)
        house.clock.advance(60.0)
        if looks == "after every step":
            running.run()
    if "restart" in looks:
        running.restart()
    running.run()
    assert house.known()[f"cats/{name}"] == "auto"
    assert set(house.store.files.labels().values()) == {"cats", "dogs"}
    assert len(house.store.files.labels()) == 2
    assert house.store.files.rejections() == {}
    answer = running.request(do="undo")
    assert answer["refused"] == []
    running.run()
    assert house.known()[name] is None
    assert (house.root / name).read_bytes() == b"cat 3, smaller"


def test_what_we_put_beside_a_video_of_the_users_stays_ours_when_that_one_goes(house: House) -> None:
    """We had to call it `a (2).mp4`, which is what programs call another form of `a.mp4`."""
    house.lay_out({"a.mp4": b"two", "cats": {"a.mp4": b"one"}})
    house.synchronize()
    house.sort("a.mp4")
    assert house.known() == {"cats/a.mp4": "user", "cats/a (2).mp4": "auto"}
    (house.root / "cats/a.mp4").unlink()
    house.synchronize(believe=True)
    assert house.known() == {"cats/a (2).mp4": "auto"}


def test_a_known_video_that_the_user_drags_beside_ours_stays_the_users_when_ours_goes(house: House) -> None:
    house.lay_out({"a.mp4": b"two", "cats": {"a.mp4": b"one"}, "dogs": {"a (2) (2).mp4": b"three"}})
    house.synchronize()
    house.sort("a.mp4")
    house.clock.advance(60.0)
    house.drag("dogs/a (2) (2).mp4", "cats/a (2) (2).mp4")
    house.synchronize()
    house.restart()
    house.clock.advance(60.0)
    (house.root / "cats/a (2).mp4").unlink()
    house.synchronize()
    assert house.known() == {"cats/a.mp4": "user", "cats/a (2) (2).mp4": "user"}
    assert house.store.journal.of(house.at("cats/a (2) (2).mp4").fingerprint) == []


def test_a_video_of_the_users_stays_the_users_when_one_goes_that_we_put_beside_it_later(house: House) -> None:
    house.lay_out({"a.mp4": b"two", "cats": {"b.mp4": b"one"}})
    house.synchronize()
    house.lay_out({"cats": {"a (2).mp4": b"three"}})
    house.synchronize()
    house.clock.advance(60.0)
    house.sort("a.mp4")
    (house.root / "cats/a.mp4").unlink()
    house.synchronize()
    assert house.known() == {"cats/a (2).mp4": "user", "cats/b.mp4": "user"}


def test_of_two_that_we_put_beside_each_other_each_keeps_its_own_move(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"b"}})
    house.synchronize()
    house.sort("a.mp4")
    house.lay_out({"a.mp4": b"two"})
    house.synchronize()
    house.sort("a.mp4")
    second = house.at("cats/a (2).mp4").fingerprint
    (house.root / "cats/a.mp4").unlink()
    house.synchronize(believe=True)
    assert [move.number for move in house.store.journal.of(second)] == [2]


def test_what_was_taken_out_stays_rejected_when_another_video_of_that_name_comes(house: House) -> None:
    house.lay_out({"cats": {"a.mp4": b"one", "b.mp4": b"b"}})
    house.synchronize()
    house.drag("cats/a.mp4", "a.mp4")
    house.synchronize()
    one = house.at("a.mp4").fingerprint
    assert house.store.files.rejections() == {one: frozenset({"cats"})}
    house.lay_out({"cats": {"a.mp4": b"two"}})
    house.synchronize()
    assert house.store.files.rejections()[one] == frozenset({"cats"})
