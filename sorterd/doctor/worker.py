"""The worker, really started, with a sample clip to extract: the whole way that a video takes, short of moving it."""

from __future__ import annotations

import queue
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sorterd.doctor.finding import Finding, ok, problem
from sorterd.features.settings import FeatureSettings
from sorterd.worker.lost import Lost
from sorterd.worker.messages import Extract, Extracted, Item, JobDone, JobFailed, Predict, Report, Setup, Unreadable
from sorterd.worker.supervisor import Worker

START_SECONDS = 180.0  # to import torch and load the models from a slow disk


@dataclass(frozen=True, slots=True)
class Trial:
    """How a worker did: the length of the vector it made (0 without models), or what went wrong, and the seconds."""

    width: int
    failure: str
    seconds: float


def try_worker(settings: FeatureSettings, clip: Path, *, item_seconds: float, models: bool) -> Trial:
    """Start a worker of our own and have it extract `clip`; without `models` it only has to answer. Then end it.

    The settings must name models that are here, or they would be fetched.
    """
    reports: queue.SimpleQueue[Report | Lost] = queue.SimpleQueue()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sorterd-doctor-") as folder:
        worker = Worker(
            lambda: Setup(settings, folder.encode()),
            report=reports.put,
            item_timeout=item_seconds,
            start_timeout=START_SECONDS,
            idle_unload=item_seconds,
            log=lambda _line: None,
        )
        try:
            if models:
                worker.submit(Extract(1, (Item("sample", bytes(clip)),)))
                width, failure = _outcome(reports)
            else:  # there is nothing to predict with, and it has to say so
                worker.submit(Predict(1, (), 1, 1.0))
                width, failure = _outcome(reports, refusal_wanted=True)
        finally:
            worker.stop()
    return Trial(width, failure, time.monotonic() - began)


def judge_trial(trial: Trial) -> Finding:
    """Whether videos can be extracted on this machine."""
    if trial.failure:
        remedy = "see the lines above; if all is well there, make memory free and try again"
        return problem("worker", f"it could not extract a sample clip: {trial.failure}", remedy)
    if not trial.width:
        return ok("worker", f"starts and answers ({trial.seconds:.1f} s); without models it has nothing to do")
    return ok("worker", f"starts, loads the models and extracts a sample clip ({trial.seconds:.1f} s)")


def _outcome(reports: queue.SimpleQueue[Report | Lost], *, refusal_wanted: bool = False) -> tuple[int, str]:
    """The width of the vector or what went wrong. The worker itself sees to it that an end is reported."""
    width, failure = 0, ""
    while True:
        match reports.get():
            case Extracted(vector=vector):
                width = len(vector) // 4
            case Unreadable(reason=reason):
                failure = f"the clip {reason}"
            case JobFailed(reason=reason):
                return width, "" if refusal_wanted else reason
            case Lost(reason=reason):
                return width, f"the worker {reason}"
            case JobDone():
                return width, failure
