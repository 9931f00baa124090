"""Reports of the right types that only a worker taken over by a hostile video would send are refused."""

import json
import struct
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from sorterd.features.settings import Modality, extracted_modalities
from sorterd.pictures.webp import MOST_BYTES
from sorterd.prediction import Prediction
from sorterd.worker.job_messages import Describe, Extract, FeatureRow, Item, Pictures, Predict, Train, to_check
from sorterd.worker.report_messages import (
    Described,
    DeviceRefused,
    Extracted,
    ExtractFailed,
    JobFailed,
    Pictured,
    Placed,
    Predicted,
    Report,
    Trained,
)
from sorterd.worker.validate import LONGEST_TEXT, check
from sorterd.worker.wire import WireError

NO_TEXT = "\ud800"
NOT_UTF8 = "caf\udce9"

EXTRACT = Extract(1, (Item("a", b"/a"),), "space", width=4)
EXTRACTED = Extracted(1, "a", struct.pack("<4f", 1, 2, 3, 4), "hi", "en", "speech")
DESCRIBED = Described(1, "space", extracted_modalities(2, 2), "embedded", "cpu")
TRAIN = Train(1, (), (), (), ("cats",), "space", "space", extracted_modalities(2, 2), ("knn",), 1, 0.0, 0.85)
SUMMARY = {"trained_at": "2026-01-31T12:00:00+00:00", "feature_space": "space"}
PREDICT = Predict(
    1, (FeatureRow("a", "a.mp4", bytes(16)), FeatureRow("b", "b.mp4", bytes(16))), top_k=2, threshold=0.85
)
GUESS = Prediction(NOT_UTF8, 0.9, ((NOT_UTF8, 0.9), ("dogs", 0.1)), True, "sure")
PREDICTED = Predicted(1, (("a", GUESS), ("b", GUESS)))


def test_reports_of_an_honest_worker_are_accepted() -> None:
    check(EXTRACTED, EXTRACT)
    check(DESCRIBED, Describe(1))
    check(Trained(1, json.dumps(SUMMARY), True, "took the new model"), TRAIN)
    check(PREDICTED, to_check(PREDICT))
    for report in (ExtractFailed(1, "a", "it holds no video", False), JobFailed(1, "no models")):
        check(report, EXTRACT)


def webp(width: int = 180, height: int = 320, **options: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(file, "WEBP", **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "lie",
    [
        b"",
        b"<svg onload=alert(1)>",
        webp()[:-1],
        webp() + b"more",
        webp(lossless=True),
        webp(exif=b"Exif\0\0x"),
        webp(400, 400),
        webp().ljust(MOST_BYTES + 1, b"\0"),
    ],
)
def test_only_two_small_plain_images_are_pictures(lie: bytes) -> None:
    extracted, pictured = replace(EXTRACTED, poster=webp(), strip=webp(450, 160)), Pictured(1, "a", webp(), webp())
    with pytest.raises(WireError, match="two small WebP images"):
        check(replace(extracted, poster=lie), EXTRACT)
    with pytest.raises(WireError, match="two small WebP images"):
        check(replace(pictured, poster=webp(), strip=lie), Pictures(1, ()))
    check(extracted, EXTRACT)
    check(replace(pictured, strip=webp(450, 160)), Pictures(1, ()))


def test_if_the_width_is_unknown_any_vector_is_accepted() -> None:
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
        {"seconds": -1.0},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"vector": b""},
        {"vector": b"abc"},
        {"vector": struct.pack("<5f", *range(5))},
        {"vector": struct.pack("<4f", 1, 2, 3, float("nan"))},
        {"vector": struct.pack("<4f", 1, 2, 3, float("-inf"))},
    ],
)
def test_invalid_features_are_refused(lie: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        check(replace(EXTRACTED, **lie), EXTRACT)


@pytest.mark.parametrize("vector", [b"abc", struct.pack("<f", float("nan"))])
def test_a_vector_has_finite_numbers_whatever_its_width(vector: bytes) -> None:
    with pytest.raises(WireError, match="numbers expected"):
        check(replace(EXTRACTED, vector=vector), replace(EXTRACT, width=0))


@pytest.mark.parametrize(
    "lie",
    [
        {"space": NO_TEXT},
        {"models": NO_TEXT},
        {"device": NO_TEXT},
        {"modalities": ()},
        {"modalities": extracted_modalities(0, 2)},
        {"modalities": extracted_modalities(2, 1 << 40)},
        {"modalities": (Modality(NO_TEXT, 2),)},
        {"modalities": (Modality("caption", 2, tower="minilm"),)},
        {"modalities": (Modality("pictures", 2),) * 1000},
    ],
)
def test_an_invalid_feature_space_is_refused(lie: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        check(replace(DESCRIBED, **lie), Describe(1))


@pytest.mark.parametrize(
    "lie", [Placed(1, "gpu", "cpu"), Placed(1, "", "cpu"), Placed(1, "cpu", "x"), DeviceRefused(1, "speech", NO_TEXT)]
)
def test_unknown_devices_are_refused(lie: Report) -> None:
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
def test_an_invalid_summary_is_refused(summary: str) -> None:
    with pytest.raises(WireError):
        check(Trained(1, summary, True, ""), TRAIN)


@pytest.mark.parametrize(
    "predictions",
    [(), (("a", GUESS),), PREDICTED.predictions[::-1], (*PREDICTED.predictions, ("another", GUESS))],
    ids=["none", "too few", "in another order", "of another video"],
)
def test_predictions_for_other_videos_are_refused(predictions: tuple[tuple[str, Prediction], ...]) -> None:
    """Otherwise a video without an answer would be asked about again at once, for ever."""
    with pytest.raises(WireError, match="one prediction for each video"):
        check(Predicted(1, predictions), to_check(PREDICT))


@pytest.mark.parametrize("lie", [{"folder": NO_TEXT}, {"top": ((NO_TEXT, 0.5),)}, {"confidence": 7.0}])
def test_an_invalid_prediction_is_refused(lie: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        check(Predicted(1, (("a", replace(GUESS, **lie)), PREDICTED.predictions[1])), to_check(PREDICT))
