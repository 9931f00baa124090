"""What the worker does next."""

import pytest

from sorterd.pipeline.schedule import ORDER, Stage, next_stage

ALL: frozenset[Stage] = frozenset(ORDER)


def following(*waiting: Stage, allowed: frozenset[Stage] = ALL, described: bool = True) -> Stage | None:
    return next_stage(waiting.__contains__, allowed, described=described)


def test_with_nothing_waiting_there_is_nothing_to_do() -> None:
    assert following() is None


def test_before_the_models_are_settled_captions_are_read_and_nothing_else_is_done() -> None:
    assert following(*ORDER, described=False) == "read"
    assert following("describe", "train", "extract", described=False) == "describe"
    assert following("describe", "train", "extract", described=False, allowed=ALL - {"describe"}) is None


@pytest.mark.parametrize(
    ("waiting", "stage"),
    [
        (("pictures", "extract", "compare", "predict", "train"), "compare"),
        (("pictures", "extract", "predict", "train"), "train"),
        (("pictures", "extract", "predict"), "predict"),
        (("pictures", "export", "extract"), "extract"),
        (("pictures", "export"), "export"),
    ],
)
def test_lessons_come_first_then_predictions_then_extraction(waiting: tuple[Stage, ...], stage: Stage) -> None:
    assert following(*waiting) == stage


def test_in_its_turn_extracting_comes_before_predicting_but_not_if_there_is_nothing_to_extract() -> None:
    both: set[Stage] = {"predict", "extract"}
    assert next_stage(both.__contains__, ALL, extract_first=True) == "extract"
    assert next_stage(both.__contains__, ALL - {"extract"}, extract_first=True) == "predict"
    assert next_stage({"predict"}.__contains__, ALL, extract_first=True) == "predict"
    assert next_stage(both.union({"train"}).__contains__, ALL, extract_first=True) == "train"


@pytest.mark.parametrize("stage", ["extract", "train", "predict", "export"])
def test_only_the_stages_that_were_asked_for_are_done(stage: Stage) -> None:
    assert following(*ORDER, allowed=frozenset({stage})) == stage
