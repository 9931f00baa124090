"""Jobs without a worker process: what they write, keep in memory and refuse. Vectors are drawn, not extracted."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sorterd.features.device_failure import DeviceFailed
from sorterd.features.settings import Placement
from sorterd.worker.child.name_vectors import name_vectors
from sorterd.worker.job_messages import Describe, Export, Extract, FeatureRow, Item, Predict, Train
from sorterd.worker.report_messages import Described, DeviceRefused, JobDone, JobFailed, Placed, Predicted, Trained
from worker.child.bench import MODALITIES, Bench, rows, training


def test_the_models_are_described(bench: Bench) -> None:
    assert bench.do(Describe(1)) == Described(1, "space-1", MODALITIES, "embedded", "cpu")


def test_devices_are_reported_before_the_models_are_loaded_if_a_card_is_used(bench: Bench) -> None:
    bench.do(Describe(7))
    assert bench.reports[0] == Placed(7, "cpu", "cuda")
    bench.placement = Placement("cpu", "cpu")
    bench.jobs = bench.another()
    bench.do(Describe(8))
    assert len(bench.reports) == 1


@pytest.mark.parametrize("at", ["load", "extract", "embed_texts"])
def test_a_card_that_refuses_ends_the_job_and_nothing_else_is_to_blame(bench: Bench, at: str) -> None:
    def refuse(*_: object) -> Any:
        raise DeviceFailed("towers", "CUDA error: out of memory")

    setattr(bench if at == "load" else bench.towers, "_load" if at == "load" else at, refuse)
    bench.jobs = bench.another()
    job = training(rows(20)) if at == "embed_texts" else Extract(1, (Item("f", b"/x"),))
    assert bench.do(job) == DeviceRefused(1, "towers", "CUDA error: out of memory")


def test_training_writes_the_artifacts_and_a_summary(bench: Bench) -> None:
    job = training(rows(20), unlabeled=rows(3, seed=1), categories=("cats", "dogs", "empty"))
    trained = bench.do(job)
    assert isinstance(trained, Trained)
    assert trained.swapped
    summary = json.loads(trained.summary)
    assert summary["trained_at"] == "2023-11-14T22:13:20+00:00"
    assert summary["feature_space"] == "space-1"
    assert "held_out" not in summary
    config = json.loads((bench.folder / "model_config.json").read_text())
    assert list(summary.pop("missing")) == ["empty"]
    assert summary.pop("expect") is None
    assert {key: config[key] for key in summary} == summary
    labeled = torch.load(bench.folder / "labeled_embeddings.pt", weights_only=True)
    assert labeled["features"].shape == (20, 12)
    assert labeled["video_paths"][:2] == ["cats/0.mp4", "dogs/1.mp4"]
    assert len(torch.load(bench.folder / "unlabeled_embeddings.pt", weights_only=True)["video_paths"]) == 3


def test_embeddings_can_be_written_without_training(bench: Bench) -> None:
    assert bench.do(Export(1, rows(4), rows(2), MODALITIES)) == JobDone(1)
    assert sorted(path.name for path in bench.folder.iterdir()) == ["labeled_embeddings.pt", "unlabeled_embeddings.pt"]


def test_predictions_follow_the_threshold_and_the_number_asked_for(bench: Bench) -> None:
    bench.do(training(rows(40), categories=("cats", "dogs", "empty")))
    lenient = bench.do(Predict(2, rows(6, seed=9), top_k=2, threshold=0.0))
    strict = bench.do(Predict(3, rows(6, seed=9), top_k=3, threshold=1.0))
    assert isinstance(lenient, Predicted)
    assert [guess.folder for _, guess in lenient.predictions] == ["cats", "dogs"] * 3
    assert [video for video, _ in lenient.predictions] == [f"f{n}" for n in range(6)]
    assert all(guess.move and len(guess.top) == 2 for _, guess in lenient.predictions)
    assert not any(guess.move for _, guess in strict.predictions)
    assert [guess.confidence for _, guess in strict.predictions] == [
        guess.confidence for _, guess in lenient.predictions
    ]


def test_a_fresh_worker_predicts_with_the_model_on_disk(bench: Bench) -> None:
    trained = bench.do(training(rows(20)))
    bench.jobs = bench.another()
    when = json.loads(trained.summary)["trained_at"]
    assert isinstance(bench.do(Predict(2, rows(2), 3, 0.5, when)), Predicted)


def test_another_model_than_the_one_counted_on_is_refused(bench: Bench) -> None:
    bench.do(training(rows(20)))
    failed = bench.do(Predict(2, rows(1), 3, 0.5, "2020-01-01T00:00:00+00:00"))
    assert isinstance(failed, JobFailed)
    assert "is of 2023-11-14T22:13:20+00:00, not of 2020-01-01T00:00:00+00:00" in failed.reason


def test_without_a_model_there_is_no_prediction(bench: Bench) -> None:
    assert bench.do(Predict(1, rows(1), 3, 0.5)) == JobFailed(1, "there is no model yet: nothing has been learned")


def test_vectors_of_another_width_are_refused(bench: Bench) -> None:
    bench.do(training(rows(20)))
    short = (FeatureRow("f", "a.mp4", b"\0" * 8),)
    assert bench.do(Predict(2, short, 3, 0.5)).reason.endswith("a vector of a.mp4 has 8 bytes, not 48")
    assert isinstance(bench.do(training(short)), JobFailed)


def test_names_that_are_not_valid_utf_8_are_kept(tmp_path: Path) -> None:
    names, vectors = ["caf\udce9", "été\n"], np.eye(2, dtype=np.float32)
    name_vectors(names, "space", tmp_path / "names.npz", lambda _: vectors)
    kept = name_vectors(names, "space", tmp_path / "names.npz", lambda _: vectors[:0])
    assert [kept[name].tolist() for name in names] == vectors.tolist()


@pytest.mark.parametrize("job", [Extract(1, (), "space-2"), training(rows(8), space="space-2")])
def test_models_that_make_other_features_are_refused(bench: Bench, job: Train | Extract) -> None:
    failed = bench.do(job)
    assert failed == JobFailed(1, "the models at hand make features of space-1, not of space-2")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "artifacts").write_text("in the way")
    failed = Bench(tmp_path / "artifacts").do(training(rows(8)))
    assert isinstance(failed, JobFailed)
    assert failed.reason.startswith(f"could not write to {tmp_path / 'artifacts'}: ")
