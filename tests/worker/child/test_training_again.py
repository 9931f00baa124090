"""When a newly trained model takes the place of the one in use, and when models are read or made again."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sorterd.artifact_names import FOLDER_NAMES
from sorterd.worker.child.name_vectors import name_vectors
from sorterd.worker.job_messages import FeatureRow, Predict
from sorterd.worker.report_messages import JobFailed, Predicted
from worker.child.bench import WIDTHS, Bench, rows, training


def test_a_model_that_was_replaced_on_disk_is_read_again(bench: Bench, tmp_path: Path) -> None:
    other = Bench(tmp_path / "other")
    renamed = tuple(replace(row, label=row.label.upper()) for row in rows(20))
    bench.do(training(rows(20)))
    other.do(training(renamed, categories=("CATS", "DOGS")))
    for name in ("model.pt", "model_config.json"):
        (other.folder / name).replace(bench.folder / name)
    assert bench.do(Predict(2, rows(1), 3, 0.5)).predictions[0][1].folder == "CATS"


@pytest.mark.parametrize("damage", [b"", b"PK\3\4 cut off"])
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
def test_a_better_model_for_other_folders_or_settings_goes(bench: Bench, changes: dict[str, Any], reason: str) -> None:
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
