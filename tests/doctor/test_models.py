"""What the child finds, and what is made of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from sorterd.doctor.examination import sample_clip
from sorterd.doctor.finding import Level
from sorterd.doctor.models import ProbeFailed, ask_probe, judge_captions, judge_decoding, judge_device, judge_models
from sorterd.doctor.probe import Probe
from sorterd.features import words
from sorterd.features.settings import FeatureSettings

WELL = Probe("clip", "/w", "", None, "", False, "2.5", 5, "heard", "")
AWAY = replace(WELL, models="", missing="the CLIP weights are not here: install them", hub=False)


def test_a_child_finds_the_packaged_models_and_decodes_a_shipped_clip() -> None:
    clip = sample_clip()
    assert clip is not None
    found = ask_probe(FeatureSettings(models="embedded"), clip)
    assert (found.models, found.missing, found.hub) == ("embedded", "", None)
    assert (found.pictures, found.sound, found.undecodable) == (5, "heard", "")


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ProbeFailed, match="did not load within"):
        ask_probe(FeatureSettings(), tmp_path / "x.mp4", seconds=0.05)


@pytest.mark.parametrize(
    ("probe", "models", "level"),
    [
        (WELL, "clip", "ok"),
        (replace(WELL, models="embedded", hub=False), "auto", "ok"),
        (replace(AWAY, hub=True), "clip", "warning"),
        (AWAY, "clip", "problem"),
    ],
)
def test_missing_models_are_a_problem_only_if_they_cannot_be_fetched(probe: Probe, models: str, level: Level) -> None:
    assert judge_models(probe, FeatureSettings(models=models)).level == level  # type: ignore[arg-type]


def test_what_to_do_about_missing_models_is_kept_apart_from_what_is_missing() -> None:
    finding = judge_models(AWAY, FeatureSettings())
    assert finding.says == "the CLIP weights are not here; the model hub does not answer"
    assert finding.remedy == "install them"


@pytest.mark.parametrize(
    ("gpu", "card", "wanted", "level"),
    [
        ("", False, "auto", "ok"), ("H200", True, "auto", "ok"), ("", False, "cuda", "warning"),
        ("", True, "auto", "warning"), ("H200", True, "cpu", "ok"), ("", True, "cpu", "ok"),
    ],
)  # fmt: skip
def test_a_card_that_is_there_but_not_usable_is_told(gpu: str, card: bool, wanted: str, level: Level) -> None:
    assert judge_device(replace(WELL, gpu=gpu, card=card), wanted).level == level


def test_a_clip_that_gives_nothing_is_a_problem() -> None:
    assert judge_decoding(WELL).level == "ok"
    assert judge_decoding(replace(WELL, sound="unreadable")).level == "problem"
    assert judge_decoding(replace(WELL, pictures=0, undecodable="is empty")).says == "a sample clip is empty"


def test_captions_need_their_text_tower(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judge_captions(wanted=True).level == "ok"
    monkeypatch.setattr(words, "installed", lambda: False)
    assert judge_captions(wanted=False).level == "ok"
    finding = judge_captions(wanted=True)
    assert (finding.level, finding.remedy) == ("warning", "pip install 'sorterd[embedded]'")
