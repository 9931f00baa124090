"""Check that a report is one that an honest worker could send. Pure.

A worker that was taken over by a hostile video may send anything. Values of the right types may still end the daemon,
now or at each start, or fill its disk.
"""

from __future__ import annotations

import array
import json
import math
import sys

from sorterd.features import words
from sorterd.pictures import webp
from sorterd.worker.job_messages import Extract, Job, Predict, Read, Train
from sorterd.worker.report_messages import (
    CaptionRead,
    Described,
    DeviceRefused,
    Extracted,
    Pictured,
    Placed,
    Predicted,
    Report,
    Trained,
)
from sorterd.worker.wire import WireError

DEVICES = ("cpu", "cuda")
AUDIO = ("speech", "silent", "none", "unreadable")
LONGEST_TEXT = 100_000  # characters of a transcript: two minutes of speech are 3,000
WIDEST = 1 << 14
MOST_MODALITIES = 8
LONGEST_CAPTION = 10_000  # characters; it is cut to less


def check(report: Report, job: Job) -> None:
    """Raise WireError if `report` cannot be a true answer to `job`."""
    match report, job:
        case Extracted(), Extract():
            _is_text(report.transcript, report.language)
            _require(report.audio in AUDIO and len(report.language) < 20, "a language and a kind of sound expected")
            _require(not job.width or len(report.vector) == 4 * job.width, f"a vector of {job.width} numbers expected")
            _require(0.0 <= report.seconds < math.inf, "a length expected")
            check_numbers(report.vector)
            if report.poster or report.strip:
                _are_pictures(report.poster, report.strip)
        case CaptionRead(), Read():
            _is_text(report.words, report.author, *report.tags)
            told = len(report.words) + len(report.author) + sum(map(len, report.tags))
            _require(told <= LONGEST_CAPTION and len(report.tags) <= LONGEST_CAPTION, "a shorter caption expected")
            widths = [4 * modality.width for modality in words.MODALITIES if report.words or report.tags]
            _require([*map(len, report.vectors)] == widths, "vectors of each text expected, and of nothing else")
            check_numbers(b"".join(report.vectors))
        case Pictured(), _:
            _are_pictures(report.poster, report.strip)
        case Described(), _:
            _is_text(report.space, report.models, report.device)
            _is_text(*(modality.name for modality in report.modalities))
            _require(0 < len(report.modalities) <= MOST_MODALITIES, "a few modalities expected")
            fits = (0 < modality.width <= WIDEST and not modality.tower for modality in report.modalities)
            _require(all(fits), "modalities that are extracted, with their widths, expected")
        case Placed(), _:
            _require(report.towers in DEVICES and report.speech in ("", *DEVICES), "devices expected")
        case DeviceRefused(), _:
            _is_text(report.reason)
        case Trained(), Train():
            _is_text(report.reason, report.worse)
            summary = _json(report.summary)
            _require(isinstance(summary.get("trained_at"), str), "a time of training expected")
            _require(summary.get("feature_space") == job.feature_space, "a model of the feature space expected")
        case Predicted(), Predict():
            asked = [row.fingerprint for row in job.rows]
            _require([video for video, _ in report.predictions] == asked, "one prediction for each video")
            for _, prediction in report.predictions:
                _is_name(prediction.folder, *(folder for folder, _share in prediction.top))
                _require(0.0 <= prediction.confidence <= 1.0, "a share expected")
        case _:
            pass


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise WireError(what)


def _is_text(*texts: str) -> None:
    for text in texts:
        _require(len(text) <= LONGEST_TEXT, "a shorter text expected")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise WireError("text expected") from error


def _are_pictures(poster: bytes, strip: bytes) -> None:
    _require(webp.fits(poster, webp.POSTER) and webp.fits(strip, webp.STRIP), "two small WebP images expected")


def _is_name(*names: str) -> None:
    try:
        for name in names:
            name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise WireError("a name expected") from error


def check_numbers(vector: bytes) -> None:
    """Raise WireError if these are not finite 32-bit numbers."""
    _require(len(vector) % 4 == 0, "32-bit numbers expected")
    numbers = array.array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    _require(all(map(math.isfinite, numbers)), "finite numbers expected")


def _json(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError("a summary expected") from error
    _require(isinstance(found, dict), "a summary expected")
    return dict(found)
