"""What the worker does next."""

from dataclasses import replace

import pytest

from sorterd.pipeline.schedule import Situation, Stage, next_stage

ALL: frozenset[Stage] = frozenset({"extract", "train", "predict"})
IDLE = Situation(described=True, unextracted=False, unpredicted=False, train_at=None)
BUSY = Situation(described=True, unextracted=True, unpredicted=True, train_at=5.0)


def test_with_nothing_waiting_there_is_nothing_to_do() -> None:
    assert next_stage(IDLE, ALL, now=10.0) is None


def test_before_anything_else_the_models_are_settled() -> None:
    assert next_stage(replace(BUSY, described=False), ALL, now=10.0) == "describe"


@pytest.mark.parametrize(
    ("done", "stage"),
    [
        ({}, "train"),
        ({"train_at": None}, "predict"),
        ({"train_at": None, "unpredicted": False}, "extract"),
        ({"train_at": None, "unpredicted": False, "unextracted": False}, None),
    ],
)
def test_lessons_come_first_then_predictions_then_extraction(done: dict[str, bool], stage: Stage | None) -> None:
    assert next_stage(replace(BUSY, **done), ALL, now=10.0) == stage


def test_in_its_turn_extracting_comes_before_predicting_but_not_if_there_is_nothing_to_extract() -> None:
    turn = replace(BUSY, train_at=None, extract_first=True)
    assert next_stage(turn, ALL, now=10.0) == "extract"
    assert next_stage(turn, ALL - {"extract"}, now=10.0) == "predict"
    assert next_stage(replace(turn, unextracted=False), ALL, now=10.0) == "predict"


def test_a_training_waits_for_its_time_and_the_queue_goes_on_meanwhile() -> None:
    later = replace(BUSY, unpredicted=False, train_at=20.0)
    assert next_stage(later, ALL, now=10.0) == "extract"
    assert next_stage(later, ALL, now=20.0) == "train"


@pytest.mark.parametrize("stage", ["extract", "train", "predict"])
def test_only_the_stages_that_were_asked_for_are_done(stage: Stage) -> None:
    assert next_stage(BUSY, frozenset({stage}), now=10.0) == stage


def test_embeddings_are_exported_only_where_that_was_asked_for_and_nothing_else_waits() -> None:
    unexported = replace(IDLE, unexported=True)
    assert next_stage(unexported, ALL, now=10.0) is None
    assert next_stage(unexported, frozenset({"extract", "export"}), now=10.0) == "export"
    assert next_stage(replace(unexported, unextracted=True), frozenset({"extract", "export"}), now=10.0) == "extract"
