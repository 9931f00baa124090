"""Which videos are in flight, and when silence means that the worker hangs."""

from dataclasses import fields
from typing import get_args

import pytest

from sorterd.features.settings import extracted_modalities
from sorterd.worker.host.progress import JobProgress
from sorterd.worker.job_messages import Describe, Extract, Item, Job
from sorterd.worker.report_messages import (
    Described,
    DeviceRefused,
    Extracted,
    ExtractFailed,
    JobDone,
    JobFailed,
    Placed,
    Report,
    Started,
)
from sorterd.worker.wire import WireError

ITEM, START = 10.0, 100.0


def extracted(name: str, job: int = 1) -> Extracted:
    return Extracted(job, name, b"", "", "", "none")


def unreadable(name: str) -> ExtractFailed:
    return ExtractFailed(1, name, "truncated", False)


def extracting(*names: str) -> JobProgress:
    return JobProgress(Extract(1, tuple(Item(name, name.encode()) for name in names)), now=0.0)


def test_a_video_is_in_flight_from_its_start_to_its_answer() -> None:
    progress = extracting("a", "b", "c")
    progress.record(Started(1, "b"), 1.0)
    progress.record(Started(1, "a"), 2.0)
    assert list(progress.in_flight) == ["b", "a"]
    progress.record(extracted("b"), 3.0)
    assert list(progress.in_flight) == ["a"]
    progress.record(unreadable("a"), 4.0)
    assert list(progress.in_flight) == []


def test_loading_models_may_take_longer_than_a_video() -> None:
    progress = extracting("a")
    assert progress.deadline(ITEM, START) == 100.0
    progress.record(Started(1, "a"), 50.0)
    assert progress.deadline(ITEM, START) == 60.0


def test_a_video_waiting_for_the_models_is_not_hung_while_others_progress() -> None:
    progress = extracting("waits", "b", "c")
    progress.record(Started(1, "waits"), 0.0)
    progress.record(Started(1, "b"), 9.0)
    progress.record(extracted("b"), 18.0)
    progress.record(Started(1, "c"), 27.0)
    assert progress.deadline(ITEM, START) == 37.0


def test_a_job_ends_when_every_video_is_answered() -> None:
    progress = extracting("a")
    assert not progress.record(Started(1, "a"), 0.0)
    assert not progress.record(extracted("a"), 0.0)
    assert progress.record(JobDone(1), 0.0)


def test_a_graphics_card_that_refuses_ends_the_job_whatever_is_in_flight() -> None:
    progress = extracting("a", "b")
    assert not progress.record(Placed(1, "cuda", "cuda"), 0.0)
    progress.record(Started(1, "a"), 0.0)
    assert progress.record(DeviceRefused(1, "speech", "no cuBLAS"), 1.0)


def test_every_kind_of_job_may_fail_with_videos_unanswered() -> None:
    values = {"job": 1, "items": (Item("a", b"a"),)}
    for kind in get_args(Job):
        job = kind(**{field.name: values.get(field.name) for field in fields(kind)})
        assert JobProgress(job, 0.0).record(JobFailed(1, "why not"), 0.0)


def test_a_description_ends_its_job() -> None:
    described = Described(7, "space", extracted_modalities(512, 512), "clip", "cpu")
    assert JobProgress(Describe(7), 0.0).record(described, 1.0)


def test_a_report_that_is_not_plausible_is_refused() -> None:
    progress = extracting("a")
    progress.record(Started(1, "a"), 0.0)
    with pytest.raises(WireError, match="text expected"):
        progress.record(Extracted(1, "a", b"", "\ud800", "", "none"), 1.0)


@pytest.mark.parametrize(
    ("so_far", "report"),
    [
        ([], Started(1, "stranger")),
        ([], Started(2, "a")),
        ([], extracted("a")),
        ([Started(1, "a")], Started(1, "a")),
        ([Started(1, "a"), extracted("a")], Started(1, "a")),
        ([Started(1, "a"), extracted("a")], extracted("a")),
        ([], JobDone(1)),
        ([], Described(1, "space", extracted_modalities(512, 512), "clip", "cpu")),
    ],
)
def test_a_report_out_of_turn_is_refused(so_far: list[Report], report: Report) -> None:
    progress = extracting("a", "b")
    for earlier in so_far:
        progress.record(earlier, 0.0)
    with pytest.raises(WireError):
        progress.record(report, 0.0)
