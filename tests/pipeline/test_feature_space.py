"""The feature space in use, as it is remembered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sorterd.features.settings import FeatureSettings, FeatureSpace, Modality, extracted_modalities
from sorterd.pipeline import feature_space
from sorterd.store.settings import SPACE
from sorterd.store.store import Store

SETTINGS = FeatureSettings(models="embedded")
FOUND = FeatureSpace("space-1", extracted_modalities(512, 256), "embedded", "cpu")


@pytest.fixture
def store(tmp_path: object) -> Store:
    return Store.open(tmp_path)  # type: ignore[arg-type]


def test_what_the_worker_answered_is_remembered(store: Store) -> None:
    feature_space.remember(store.notes, SETTINGS, FOUND)
    assert feature_space.remembered(store.notes, SETTINGS) == FOUND
    assert feature_space.remembered(store.notes, replace(SETTINGS, frames=3)) is None


def test_the_note_of_a_version_that_knew_two_modalities_holds(store: Store) -> None:
    feature_space.remember(store.notes, SETTINGS, FOUND)
    note = store.notes.get(SPACE)
    assert note is not None
    older = {"settings": note["settings"], "id": "space-1", "widths": [512, 256], "models": "embedded", "device": "cpu"}
    store.connection.execute("UPDATE notes SET value = ? WHERE key = 'space'", (json.dumps(older),))
    assert feature_space.remembered(store.notes, SETTINGS) == FOUND


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"widths": []},
        {"widths": 3},
        {"widths": [1, "2"]},
        {"modalities": []},
        {"modalities": "ab"},
        {"modalities": [["pictures"]]},
        {"modalities": [["pictures", "8"]]},
    ],
)
def test_a_note_that_is_damaged_is_no_note(parts: dict[str, object]) -> None:
    assert not SPACE.holds({"settings": "", "id": "s", "models": "clip", "device": "cpu"} | parts)


def test_a_model_depends_on_the_towers_of_words_too() -> None:
    caption = Modality("caption", 384, tower="minilm-1")
    worded = replace(FOUND, modalities=(*FOUND.modalities, caption))
    assert (worded.id, worded.model_id) == ("space-1", "space-1+minilm-1")
    assert FOUND.model_id == "space-1"
    assert worded.extracted == FOUND.modalities
    assert worded.widths == (512, 256, 384)
