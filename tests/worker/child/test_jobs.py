"""Jobs without a worker process: what they write, keep in memory and refuse. Vectors are drawn, not extracted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from sorterd.artifact_names import FOLDER_NAMES
from sorterd.features.device_failure import DeviceFailed
from sorterd.features.extractor import Extractor
from sorterd.features.settings import FeatureSettings, FeatureSpace, Placement, extracted_modalities
from sorterd.worker.child.jobs import Jobs
from sorterd.worker.child.name_vectors import name_vectors
from sorterd.worker.messages import (
    Describe,
    Described,
    DeviceRefused,
    Export,
    Extract,
    FeatureRow,
    Item,
    JobDone,
    JobFailed,
    Placed,
    Predict,
    Predicted,
    Report,
    Setup,
    Train,
    Trained,
)

WIDTHS = (8, 4)
MODALITIES = extracted_modalities(*WIDTHS)
CENTRES = {"cats": 0, "dogs": 1}


class Towers:
    """Stands in for the models: embeds folder names only, and counts its calls."""

    space = FeatureSpace("space-1", MODALITIES, "embedded", "cpu")

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return np.eye(len(texts), WIDTHS[1], dtype=np.float32)


class Bench:
    """A worker's jobs without its process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.towers = Towers()
        self.loaded = 0
        self.placement = Placement("cpu", "cuda")
        self.jobs = self.another()

    def another(self) -> Jobs:
        """Return a worker that was just started on the same folder."""
        self.reports: list[Report] = []
        setup = Setup(FeatureSettings(), bytes(self.folder))
        return Jobs(setup, lambda report: self.reports.append(report), self._load)

    def _load(self, _: FeatureSettings, placed: Callable[[Placement], object]) -> Extractor:
        self.loaded += 1
        placed(self.placement)
        return cast(Extractor, self.towers)

    def do(self, job: Any) -> Any:
        self.jobs.do(job)
        return self.reports[-1]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "artifacts")


def rows(count: int, seed: int = 0, noise: bool = False) -> tuple[FeatureRow, ...]:
    """Return videos of two folders that are easy to tell apart, or whose vectors carry no information."""
    random = np.random.default_rng(seed)
    made = []
    for n in range(count):
        label = list(CENTRES)[n % 2]
        vector = random.normal(scale=0.2, size=sum(WIDTHS))
        vector[CENTRES[label]] += 0 if noise else 1
        made.append(FeatureRow(f"f{n}", f"{label}/{n}.mp4", vector.astype("<f4").tobytes(), label))
    return tuple(made)


def training(labelled: tuple[FeatureRow, ...], **changes: Any) -> Train:
    job = Train(
        job=1,
        labelled=labelled,
        unlabeled=(),
        rejected=(),
        categories=("cats", "dogs"),
        space="space-1",
        feature_space="space-1",
        modalities=MODALITIES,
        candidates=("logreg", "knn"),
        min_per_category=1,
        now=1_700_000_000.0,
        threshold=0.5,
    )
    return replace(job, **changes)


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


def test_a_model_that_was_replaced_on_disk_is_read_again(bench: Bench, tmp_path: Path) -> None:
    other = Bench(tmp_path / "other")
    renamed = tuple(replace(row, label=row.label.upper()) for row in rows(20))
    bench.do(training(rows(20)))
    other.do(training(renamed, categories=("CATS", "DOGS")))
    for name in ("model.pt", "model_config.json"):
        (other.folder / name).replace(bench.folder / name)
    assert bench.do(Predict(2, rows(1), 3, 0.5)).predictions[0][1].folder == "CATS"


def test_another_model_than_the_one_counted_on_is_refused(bench: Bench) -> None:
    bench.do(training(rows(20)))
    failed = bench.do(Predict(2, rows(1), 3, 0.5, "2020-01-01T00:00:00+00:00"))
    assert isinstance(failed, JobFailed)
    assert "is of 2023-11-14T22:13:20+00:00, not of 2020-01-01T00:00:00+00:00" in failed.reason


def test_without_a_model_there_is_no_prediction(bench: Bench) -> None:
    assert bench.do(Predict(1, rows(1), 3, 0.5)) == JobFailed(1, "there is no model yet: nothing has been learned")


@pytest.mark.parametrize("damage", [b"", b"\0" * 1000, b"PK\3\4 cut off", b"<html>"])
@pytest.mark.parametrize("name", ["model.pt", "model_config.json"])
def test_a_damaged_model_is_refused_and_training_repairs_it(bench: Bench, name: str, damage: bytes) -> None:
    bench.do(training(rows(20)))
    (bench.folder / name).write_bytes(damage)
    bench.jobs = bench.another()
    failed = bench.do(Predict(2, rows(1), 3, 0.5))
    assert isinstance(failed, JobFailed)
    assert str(bench.folder / name) in failed.reason
    assert bench.do(training(rows(20))).swapped
    assert isinstance(bench.do(Predict(3, rows(1), 3, 0.5)), Predicted)


def test_vectors_of_another_width_are_refused(bench: Bench) -> None:
    bench.do(training(rows(20)))
    short = (FeatureRow("f", "a.mp4", b"\0" * 8),)
    assert bench.do(Predict(2, short, 3, 0.5)).reason.endswith("a vector of a.mp4 has 8 bytes, not 48")
    assert isinstance(bench.do(training(short)), JobFailed)


def test_a_clearly_worse_model_does_not_replace_the_one_in_use(bench: Bench) -> None:
    bench.do(training(rows(60)))
    before = (bench.folder / "model.pt").read_bytes()
    trained = bench.do(training(rows(60, noise=True), now=1_800_000_000.0))
    assert not trained.swapped
    assert trained.reason.startswith("kept the old model")
    assert json.loads(trained.summary)["trained_at"].startswith("2023")
    assert (bench.folder / "model.pt").read_bytes() == before
    assert isinstance(bench.do(Predict(2, rows(1), 3, 0.5)), Predicted)


def filed_elsewhere(labelled: tuple[FeatureRow, ...]) -> dict[str, Any]:
    return {"labelled": (replace(labelled[0], label="dogs"), *labelled[1:])}


def filed_from_the_inbox(labelled: tuple[FeatureRow, ...]) -> dict[str, Any]:
    return {"labelled": (*labelled, replace(rows(1, seed=5)[0], fingerprint="new"))}


def deleted(labelled: tuple[FeatureRow, ...]) -> dict[str, Any]:
    return {"labelled": labelled[1:]}


def taken_out(_: tuple[FeatureRow, ...]) -> dict[str, Any]:
    return {"rejected": (replace(rows(1, seed=5)[0], fingerprint="new"),)}


@pytest.mark.parametrize("drag", [filed_elsewhere, filed_from_the_inbox, deleted, taken_out])
def test_one_drag_counts_even_if_the_model_is_clearly_worse_for_it(
    bench: Bench, drag: Callable[[tuple[FeatureRow, ...]], dict[str, Any]]
) -> None:
    bench.do(training(rows(60)))
    trained = bench.do(replace(training(rows(60, noise=True)), **drag(rows(60, noise=True))))
    assert trained.swapped
    assert "because what you have filed has changed; but it is right clearly less often (" in trained.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"categories": ("cats", "dogs", "new")}, "the folders have changed"),
        ({"threshold": 0.9}, "the settings have changed"),
        ({"candidates": ("knn",)}, "the settings have changed"),
        ({"min_per_category": 3}, "the settings have changed"),
        ({"feature_space": "space-2"}, "there is no other that could be used"),
    ],
)
def test_a_model_for_other_folders_or_settings_goes_even_if_it_was_better(
    bench: Bench, changes: dict[str, Any], reason: str
) -> None:
    bench.do(training(rows(60)))
    space = changes.get("feature_space", "space-1")
    name_vectors(
        ["cats", "dogs", "new"],
        space,
        bench.folder / FOLDER_NAMES,
        lambda names: np.eye(len(names), WIDTHS[1], dtype="f4"),
    )
    trained = bench.do(training(rows(60, noise=True), **changes))
    assert trained.swapped
    assert trained.reason == f"took the new model: {reason}"


def test_the_text_tower_is_asked_once_per_folder_name_and_reads_it_as_words(bench: Bench) -> None:
    labelled = tuple(replace(row, label={"cats": "my_cats", "dogs": "-"}[row.label]) for row in rows(8))
    bench.do(training(labelled, categories=("my_cats", "-")))
    bench.do(training(labelled, categories=("my_cats", "-")))
    assert bench.towers.asked == [["my cats", "-"]]
    assert bench.loaded == 1


def test_a_worker_that_was_just_started_learns_without_loading_the_models(bench: Bench) -> None:
    bench.do(training(rows(8)))
    bench.jobs = bench.another()
    assert bench.do(training(rows(8))).swapped
    assert bench.loaded == 1


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04 cut off"])
def test_damaged_name_vectors_are_made_again(bench: Bench, content: bytes) -> None:
    bench.do(training(rows(8)))
    (bench.folder / "folder_names.npz").write_bytes(content)
    bench.do(training(rows(8)))
    assert len(bench.towers.asked) == 2


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
