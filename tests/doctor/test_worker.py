"""A worker is really started, and what becomes of it is told."""

from __future__ import annotations

from pathlib import Path

from sorterd.doctor.worker import WorkerTrial, judge_trial, try_worker
from sorterd.features.settings import FeatureSettings


def test_a_worker_starts_and_answers_without_models(tmp_path: Path) -> None:
    trial = try_worker(FeatureSettings(models="embedded"), tmp_path / "none.mp4", item_seconds=60.0, models=False)
    assert (trial.width, trial.failure) == (0, "")
    assert judge_trial(trial).level == "ok"


def test_what_a_worker_says_when_it_cannot_load_the_models_is_told(tmp_path: Path) -> None:
    settings = FeatureSettings(models="clip", weights=str(tmp_path / "none.safetensors"))
    trial = try_worker(settings, tmp_path / "none.mp4", item_seconds=60.0, models=True)
    assert "none.safetensors" in trial.failure
    assert judge_trial(trial).level == "problem"


def test_a_worker_that_extracted_is_well() -> None:
    assert judge_trial(WorkerTrial(2560, "", 4.0)).level == "ok"
