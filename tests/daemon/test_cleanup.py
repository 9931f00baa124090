"""When the database is swept."""

from support.rows import SPACE, features
from support.workspace import Workspace

from sorterd.activity import Activity, Note
from sorterd.daemon.cleanup import SWEEPS, Cleanup
from sorterd.store.absent import KEPT_SECONDS

DAY = KEPT_SECONDS / SWEEPS


def test_it_sweeps_once_a_day_and_only_when_all_files_are_known(workspace: Workspace) -> None:
    workspace.store.features.add(features("gone"), SPACE, now=1.0)
    told: list[Activity] = []
    known = False
    time = 0.0
    sweeper = Cleanup(workspace.store, told.append, lambda: known, workspace.clock, lambda: time)
    assert sweeper.turn() is None
    assert workspace.store.connection.execute("SELECT count(*) FROM absent").fetchone() == (0,)
    known = True
    assert sweeper.turn() == DAY == 24 * 3600
    workspace.clock.advance(KEPT_SECONDS)
    time = DAY - 10.0
    assert sweeper.turn() == 10.0
    assert told == []
    time = DAY
    sweeper.turn()
    assert told == [Note("dropped the features of what has been gone for long: 1")]
    assert workspace.store.features.get("gone", SPACE) is None
