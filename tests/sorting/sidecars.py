"""What tests of sidecars that follow share: a drag that left some behind."""

from __future__ import annotations

from support.house import House

from sorterd.activity import Activity
from sorterd.library.stability import StabilityTracker
from sorterd.sorting.following import Following
from sorterd.store.journal import Entry
from sorterd.store.settings import SIDECARS_LEFT

SETTLE = 5.0


def following(house: House, *, after_user: bool = True, told: list[Activity] | None = None) -> Following:
    report = (lambda _: None) if told is None else told.append
    return Following(house.store, house.mover, report, StabilityTracker(SETTLE), SETTLE, after_user=after_user)


def follow(house: House, one: Following | None = None) -> int:
    """As after a drag that is long over."""
    one = one or following(house)
    at_once = one.follow(house.clock(), moving=True)
    house.clock.advance(2 * SETTLE)
    return at_once + one.follow(house.clock(), moving=True)


def left(house: House) -> dict[str, str]:
    left = house.store.notes.get(SIDECARS_LEFT)
    return dict(left or [])


def entry(house: House, number: int) -> Entry:
    found = house.store.journal.get(number)
    assert found is not None
    return found
