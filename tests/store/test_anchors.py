"""Files that must stay what they are while we have them open."""

from pathlib import Path

import pytest

from sorterd.store.anchors import Anchors, StateGone
from sorterd.store.journal_file import JOURNAL
from sorterd.store.opening import open_to_write, save_what_is_gone
from sorterd.store.settings import MODELS
from sorterd.store.store import DATABASE


@pytest.mark.parametrize("name", [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", JOURNAL, "lock"])
@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_file_of_the_state_that_is_gone_or_another_is_noticed(tmp_path: Path, name: str, how: str) -> None:
    (tmp_path / "lock").touch()
    store = open_to_write(tmp_path, used_before=False, now=1.0, held=[tmp_path / "lock"]).store
    store.notes.put(MODELS, "clip")
    store.check()
    (tmp_path / name).rename(tmp_path / "aside")
    if how == "replaced":
        (tmp_path / name).write_bytes((tmp_path / "aside").read_bytes())
    with pytest.raises(StateGone, match=f"{name} was deleted or replaced while sorterd was running"):
        store.check()
    store.close()


def test_what_was_not_there_at_the_start_may_come(tmp_path: Path) -> None:
    anchors = Anchors.of([tmp_path / "later"])
    (tmp_path / "later").touch()
    anchors.check()


def test_the_journal_is_not_put_in_place_of_what_lies_there_now(tmp_path: Path) -> None:
    store = open_to_write(tmp_path, used_before=False, now=1.0).store
    (tmp_path / DATABASE).unlink()
    (tmp_path / JOURNAL).write_text("somebody's")
    save_what_is_gone(store, tmp_path)
    assert (tmp_path / JOURNAL).read_text() == "somebody's"
    store.close()
