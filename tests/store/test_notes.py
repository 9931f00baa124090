"""Single facts that survive a restart."""

from pathlib import Path

from sorterd.store.settings import LEARNED_NOTHING, MODEL, ROOT
from sorterd.store.store import Store


def test_a_note_survives_a_restart(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.notes.put(ROOT, [1, 2**63 + 5])
    model = {"model_type": "knn", "trained_at": "now", "feature_space": "1", "label_names": ["caf\udce9"], "x": None}
    store.notes.put(MODEL, model)
    store.close()
    store = Store.open(tmp_path)
    assert store.notes.get(ROOT) == [1, 2**63 + 5]
    assert store.notes.get(MODEL) == model
    store.close()


def test_a_note_can_be_replaced_and_dropped(store: Store) -> None:
    assert store.notes.get(LEARNED_NOTHING) is None
    store.notes.put(LEARNED_NOTHING, "one")
    store.notes.put(LEARNED_NOTHING, "two")
    assert store.notes.get(LEARNED_NOTHING) == "two"
    store.notes.drop(LEARNED_NOTHING)
    assert store.notes.get(LEARNED_NOTHING) is None


def test_a_store_that_was_changed_says_so(store: Store) -> None:
    before = store.changes()
    store.notes.get(LEARNED_NOTHING)
    assert store.changes() == before
    store.notes.put(LEARNED_NOTHING, "one")
    assert store.changes() > before
