"""Single facts that survive a restart."""

from pathlib import Path

from sorterd.store.settings import MODEL, ROOT, TRAINING
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
    assert store.notes.get(TRAINING) is None
    store.notes.put(TRAINING, "one")
    store.notes.put(TRAINING, "two")
    assert store.notes.get(TRAINING) == "two"
    store.notes.drop(TRAINING)
    assert store.notes.get(TRAINING) is None


def test_a_store_that_was_changed_says_so(store: Store) -> None:
    before = store.changes()
    store.notes.get(TRAINING)
    assert store.changes() == before
    store.notes.put(TRAINING, "one")
    assert store.changes() > before
