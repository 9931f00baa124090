from pathlib import Path

import pytest

from sorterd.features.models import ModelsUnavailable, embedded, find, hub, whisper
from sorterd.features.models.resolve import ResolvedModels
from sorterd.features.settings import FeatureSettings, ModelChoice


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty the cache and make the hub unreachable."""
    monkeypatch.setattr(hub, "clip_weights", lambda *_, **__: None)
    monkeypatch.setattr(hub, "whisper_folder", lambda *_, **__: None)


@pytest.fixture
def nothing_packaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "installed", lambda: False)
    monkeypatch.setattr(whisper, "folder_of", lambda _package: None)


def reason_of(settings: FeatureSettings) -> str:
    with pytest.raises(ModelsUnavailable) as caught:
        find(settings, fetch=True)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.usefixtures("no_hub")
def test_auto_takes_the_packaged_models_if_clip_cannot_be_fetched() -> None:
    assert find(FeatureSettings(), fetch=True) == ResolvedModels("embedded")


@pytest.mark.usefixtures("no_hub", "nothing_packaged")
def test_without_any_models_one_sentence_names_the_three_ways_out() -> None:
    for settings in (FeatureSettings(), FeatureSettings(models="clip"), FeatureSettings(models="embedded")):
        message = reason_of(settings)
        assert "pip install 'sorterd[embedded]'" in message
        assert "features.clip.weights" in message
        assert "sorterd models fetch" in message


def test_auto_takes_clip_if_its_weights_are_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hub, "clip_weights", lambda *_, **__: tmp_path / "cached.safetensors")
    found = find(FeatureSettings(whisper="off"), fetch=False)
    assert (found.models, found.weights, found.speech) == ("clip", tmp_path / "cached.safetensors", False)


@pytest.mark.usefixtures("no_hub")
def test_a_local_checkpoint_is_clip_and_needs_no_hub(tmp_path: Path) -> None:
    weights = tmp_path / "weights.safetensors"
    weights.touch()
    choices: tuple[ModelChoice, ...] = ("auto", "clip")
    for models in choices:
        found = find(FeatureSettings(models=models, weights=str(weights)), fetch=False)
        assert (found.models, found.weights) == ("clip", weights)


@pytest.mark.usefixtures("no_hub")
def test_a_checkpoint_that_is_not_there_is_an_error_and_not_a_reason_for_other_models() -> None:
    assert "neither a file nor a tag" in reason_of(FeatureSettings(weights="/nowhere/weights.pt"))


def test_the_openai_weights_are_refused_for_the_architecture_that_only_looks_right() -> None:
    assert "ViT-B-32-quickgelu" in reason_of(FeatureSettings(clip_model="ViT-B-32", weights="openai"))


@pytest.mark.usefixtures("no_hub")
def test_a_missing_size_of_whisper_is_reported() -> None:
    assert "Whisper 'tiny'" in reason_of(FeatureSettings(models="embedded", whisper="tiny"))


def test_an_unknown_size_of_whisper_is_reported() -> None:
    assert "'gigantic'" in reason_of(FeatureSettings(models="embedded", whisper="gigantic"))


def test_a_whisper_folder_without_tokenizer_is_refused_since_it_would_go_online(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json"):
        (tmp_path / name).touch()
    assert "has no tokenizer.json" in reason_of(FeatureSettings(models="embedded", whisper=str(tmp_path)))


def test_a_local_whisper_folder_is_taken(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).touch()
    assert find(FeatureSettings(models="embedded", whisper=str(tmp_path)), fetch=False).whisper == tmp_path
