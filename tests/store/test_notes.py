"""Single facts that survive a restart."""

from __future__ import annotations

from pathlib import Path

from sorterd.store.store import Store


def test_a_note_survives_a_restart(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.notes.put("root", [1, 2**63 + 5])
    store.notes.put("model", {"labels": ["caf\udce9"], "cv_accuracy": None})
    store.close()
    store = Store.open(tmp_path)
    assert store.notes.get("root") == [1, 2**63 + 5]
    assert store.notes.get("model") == {"labels": ["caf\udce9"], "cv_accuracy": None}
    store.close()


def test_a_note_can_be_replaced_and_dropped(store: Store) -> None:
    assert store.notes.get("a") is None
    store.notes.put("a", 1)
    store.notes.put("a", 2)
    assert store.notes.get("a") == 2
    store.notes.drop("a")
    assert store.notes.get("a") is None


def test_a_store_that_was_changed_says_so(store: Store) -> None:
    before = store.changes()
    store.notes.get("a")
    assert store.changes() == before
    store.notes.put("a", 1)
    assert store.changes() > before
