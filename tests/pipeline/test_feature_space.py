"""The feature space in use, as it is remembered."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sorterd.features.settings import (
    DEFAULT,
    OPENAI,
    FeatureSettings,
    FeatureSpace,
    Modality,
    ModelChoice,
    extracted_modalities,
)
from sorterd.pipeline import feature_space
from sorterd.store.features import Features
from sorterd.store.opening import open_to_write
from sorterd.store.settings import CLIP, SPACE
from sorterd.store.store import DATABASE, Store

SETTINGS = FeatureSettings(models="embedded")
FOUND = FeatureSpace("space-1", extracted_modalities(512, 256), "embedded", "cpu")


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


CLIP_FOUND = FeatureSpace("clip-1", extracted_modalities(512, 512), "clip", "cpu")
AUTO_SETTINGS = FeatureSettings(models="auto")


def clip_of(settings: FeatureSettings) -> tuple[str, str]:
    return settings.clip_model, settings.weights


def add_features(store: Store, space: str) -> None:
    store.features.add(Features("f1", b"\0" * 4, "", "", "none"), space, now=0.0)


def test_a_new_library_gets_the_default_clip_model_and_keeps_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clip_of(feature_space.settled(store.notes, AUTO_SETTINGS)) == DEFAULT
    feature_space.remember(store.notes, AUTO_SETTINGS, CLIP_FOUND)
    monkeypatch.setattr(feature_space, "DEFAULT", ("another", "later"))
    assert clip_of(feature_space.settled(store.notes, AUTO_SETTINGS)) == DEFAULT


@pytest.mark.parametrize("models", ["auto", "clip"])
def test_a_library_of_a_version_before_that_default_keeps_openai(store: Store, models: ModelChoice) -> None:
    add_features(store, "clip-0123456789abcdef")
    settings = FeatureSettings(models=models)
    assert clip_of(feature_space.settled(store.notes, settings)) == OPENAI
    feature_space.remember(store.notes, settings, CLIP_FOUND)
    store.connection.execute("DELETE FROM features")
    store.notes.drop(SPACE)  # as after a failed job
    assert clip_of(feature_space.settled(store.notes, settings)) == OPENAI


def test_a_library_with_the_embedded_models_gets_the_default_if_it_changes_to_clip(store: Store) -> None:
    add_features(store, "embedded-0123456789abcdef")
    feature_space.remember(store.notes, SETTINGS, FOUND)
    assert clip_of(feature_space.settled(store.notes, replace(SETTINGS, models="clip"))) == DEFAULT


def test_what_the_config_names_is_taken_and_settles_nothing(store: Store) -> None:
    add_features(store, "clip-0123456789abcdef")
    chosen = FeatureSettings(models="clip", clip_model="xlm-roberta-base-ViT-B-32")
    assert clip_of(feature_space.settled(store.notes, chosen)) == ("xlm-roberta-base-ViT-B-32", "laion5b_s13b_b90k")
    feature_space.remember(store.notes, chosen, CLIP_FOUND)
    assert store.notes.get(CLIP) is None


def test_weights_alone_are_for_the_model_that_they_were_always_for(store: Store) -> None:
    local = FeatureSettings(models="clip", weights="/models/clip.safetensors")
    assert clip_of(feature_space.settled(store.notes, local)) == ("ViT-B-32-quickgelu", "/models/clip.safetensors")
    assert clip_of(feature_space.settled(store.notes, replace(local, weights="openai"))) == OPENAI


def test_the_choice_survives_the_loss_of_the_database(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    store = open_to_write(tmp_path, used_before=False, now=1.0).store
    add_features(store, "clip-0123456789abcdef")
    with store.transaction():
        feature_space.remember(store.notes, AUTO_SETTINGS, CLIP_FOUND)
    store.close()
    for file in tmp_path.glob(f"{DATABASE}*"):
        file.unlink()
    again = open_to_write(tmp_path, used_before=True, now=2.0).store
    assert clip_of(feature_space.settled(again.notes, AUTO_SETTINGS)) == OPENAI
    again.close()
