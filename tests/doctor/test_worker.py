"""A worker is really started, and what becomes of it and what it is kept from is told."""

from pathlib import Path

import pytest

from sorterd.doctor.worker import WorkerTrial, judge_confinement, judge_trial, try_worker
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


def test_where_the_kernel_can_do_it_all_is_well() -> None:
    assert judge_confinement(files=True, calls=True, linux=True).level == "ok"


@pytest.mark.parametrize(("files", "calls", "named"), [(False, True, "Landlock"), (True, False, "seccomp")])
def test_what_the_kernel_lacks_is_a_warning_that_names_it(files: bool, calls: bool, named: str) -> None:
    found = judge_confinement(files=files, calls=calls, linux=True)
    assert (found.level, named in found.says) == ("warning", True)


def test_another_system_is_not_blamed_for_being_one() -> None:
    assert judge_confinement(files=False, calls=False, linux=False).level == "ok"
