"""When the database is swept."""

from __future__ import annotations

from support.house import House
from support.rows import SPACE, features

from sorterd.activity import Activity, Note
from sorterd.daemon.cleanup import SWEEPS, Cleanup
from sorterd.store.absent import KEPT_SECONDS

DAY = KEPT_SECONDS / SWEEPS


def test_it_sweeps_once_a_day_and_only_when_all_files_are_known(house: House) -> None:
    house.store.features.add(features("gone"), SPACE, now=1.0)
    told: list[Activity] = []
    known = False
    time = 0.0
    sweeper = Cleanup(house.store, told.append, lambda: known, house.clock, lambda: time)
    assert sweeper.turn() is None
    assert house.store.connection.execute("SELECT count(*) FROM absent").fetchone() == (0,)
    known = True
    assert sweeper.turn() == DAY == 24 * 3600
    house.clock.advance(KEPT_SECONDS)
    time = DAY - 10.0
    assert sweeper.turn() == 10.0
    assert told == []
    time = DAY
    sweeper.turn()
    assert told == [Note("dropped the features of what has been gone for long: 1")]
    assert house.store.features.get("gone", SPACE) is None
