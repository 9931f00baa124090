"""What a worker that a hostile video has taken over may say with the right types, and is not believed."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from typing import Any

import pytest

from sorterd.prediction import Prediction
from sorterd.worker.messages import (
    Describe,
    Described,
    DeviceRefused,
    Extract,
    Extracted,
    ExtractFailed,
    FeatureRow,
    Item,
    JobFailed,
    Placed,
    Predict,
    Predicted,
    Report,
    Train,
    Trained,
    asked,
)
from sorterd.worker.validate import LONGEST_TEXT, check
from sorterd.worker.wire import WireError

NO_TEXT = "\ud800"
NOT_UTF8 = "caf\udce9"

EXTRACT = Extract(1, (Item("a", b"/a"),), "space", width=4)
EXTRACTED = Extracted(1, "a", struct.pack("<4f", 1, 2, 3, 4), "hi", "en", "speech")
DESCRIBED = Described(1, "space", (2, 2), "embedded", "cpu")
TRAIN = Train(1, (), (), (), ("cats",), "space", (2, 2), ("knn",), 1, 0.0, 0.85)
SUMMARY = {"trained_at": "2026-01-31T12:00:00+00:00", "feature_space": "space"}
PREDICT = Predict(
    1, (FeatureRow("a", "a.mp4", bytes(16)), FeatureRow("b", "b.mp4", bytes(16))), top_k=2, threshold=0.85
)
GUESS = Prediction(NOT_UTF8, 0.9, ((NOT_UTF8, 0.9), ("dogs", 0.1)), True, "sure")
PREDICTED = Predicted(1, (("a", GUESS), ("b", GUESS)))


def test_what_a_sound_worker_says_is_believed() -> None:
    check(EXTRACTED, EXTRACT)
    check(DESCRIBED, Describe(1))
    check(Trained(1, json.dumps(SUMMARY), True, "took the new model"), TRAIN)
    check(PREDICTED, asked(PREDICT))
    for report in (ExtractFailed(1, "a", "it holds no video", False), JobFailed(1, "no models")):
        check(report, EXTRACT)


def test_where_nobody_knows_how_wide_a_vector_is_to_be_any_will_do() -> None:
    check(replace(EXTRACTED, vector=struct.pack("<2f", 1, 2)), replace(EXTRACT, width=0))


@pytest.mark.parametrize(
    "lie",
    [
        {"transcript": NO_TEXT},
        {"transcript": "x" * (LONGEST_TEXT + 1)},
        {"language": NO_TEXT},
        {"language": "x" * 100},
        {"audio": NO_TEXT},
        {"audio": "music"},
        {"vector": b""},
        {"vector": b"abc"},
        {"vector": struct.pack("<5f", *range(5))},
        {"vector": struct.pack("<4f", 1, 2, 3, float("nan"))},
        {"vector": struct.pack("<4f", 1, 2, 3, float("-inf"))},
    ],
)
def test_features_that_are_none_are_not_kept(lie: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        check(replace(EXTRACTED, **lie), EXTRACT)


@pytest.mark.parametrize("vector", [b"abc", struct.pack("<f", float("nan"))])
def test_a_vector_is_made_of_finite_numbers_however_wide_it_is_to_be(vector: bytes) -> None:
    with pytest.raises(WireError, match="numbers expected"):
        check(replace(EXTRACTED, vector=vector), replace(EXTRACT, width=0))


@pytest.mark.parametrize(
    "lie",
    [{"space": NO_TEXT}, {"models": NO_TEXT}, {"device": NO_TEXT}, {"widths": (0, 2)}, {"widths": (2, 1 << 40)}],
)
def test_a_feature_space_that_is_none_is_not_remembered(lie: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        check(replace(DESCRIBED, **lie), Describe(1))


@pytest.mark.parametrize(
    "lie", [Placed(1, "gpu", "cpu"), Placed(1, "", "cpu"), Placed(1, "cpu", "x"), DeviceRefused(1, "speech", NO_TEXT)]
)
def test_devices_that_are_none_are_not_told(lie: Report) -> None:
    with pytest.raises(WireError):
        check(lie, EXTRACT)


@pytest.mark.parametrize(
    "summary",
    [
        "", "{", "[]", "null", "[" * 100_000, "1" * 10_000, "{}", '{"trained_at": 1, "feature_space": "space"}',
        '{"feature_space": "space"}', '{"trained_at": "now"}', '{"trained_at": "now", "feature_space": "another"}',
    ],
    ids=lambda summary: summary[:50],
)  # fmt: skip
def test_a_summary_that_is_none_is_no_model(summary: str) -> None:
    with pytest.raises(WireError):
        check(Trained(1, summary, True, ""), TRAIN)


@pytest.mark.parametrize(
    "predictions",
    [(), (("a", GUESS),), PREDICTED.predictions[::-1], (*PREDICTED.predictions, ("another", GUESS))],
    ids=["none", "too few", "in another order", "of another video"],
)
def test_guesses_are_of_the_videos_that_were_asked_about(predictions: tuple[tuple[str, Prediction], ...]) -> None:
    """Else what was not answered would be asked again at once, for ever."""
    with pytest.raises(WireError, match="one prediction for each video"):
        check(Predicted(1, predictions), asked(PREDICT))


@pytest.mark.parametrize("lie", [{"folder": NO_TEXT}, {"top": ((NO_TEXT, 0.5),)}, {"confidence": 7.0}])
def test_a_guess_that_is_none_is_not_kept(lie: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        check(Predicted(1, (("a", replace(GUESS, **lie)), PREDICTED.predictions[1])), asked(PREDICT))
