"""Check that a real worker can start and extract a sample clip."""

from __future__ import annotations

import queue
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sorterd.doctor.finding import Finding, ok, problem, warning
from sorterd.features.device_failure import advice
from sorterd.features.settings import FeatureSettings, Placement
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Extract, Item, Job, Predict
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import DeviceRefused, Extracted, ExtractFailed, JobDone, JobFailed, Placed, Report
from sorterd.worker.sandbox.confinement import sentence

START_SECONDS = 180.0  # to import torch and load the models from a slow disk


@dataclass(slots=True)
class WorkerTrial:
    """The result of a trial: the length of the vector (0 without models), the failure, and the seconds that it took.

    `placement` is where the models ran, None if no graphics card was used. `refused` is what the card refused.
    """

    width: int = 0
    failure: str = ""
    seconds: float = 0.0
    placement: Placement | None = None
    refused: list[DeviceRefused] = field(default_factory=list)


def try_worker(settings: FeatureSettings, clip: Path, *, item_seconds: float, models: bool) -> WorkerTrial:
    """Start a worker, have it extract `clip`, and end it. Without `models` it only has to answer.

    The settings must name models that are here, because others would be fetched. What a graphics card refuses is tried
    on the processor, as the service does.
    """
    reports: queue.SimpleQueue[Report | WorkerLost] = queue.SimpleQueue()
    began, trial = time.monotonic(), WorkerTrial()
    with tempfile.TemporaryDirectory(prefix="sorterd-doctor-") as folder:
        worker = Worker(
            lambda: Setup(settings, folder.encode()),
            report=reports.put,
            item_timeout=item_seconds,
            start_timeout=START_SECONDS,
            idle_unload=item_seconds,
            log=lambda _line: None,
        )
        job: Job = Extract(1, (Item("sample", bytes(clip)),))
        if not models:  # the worker has to answer that it has no model to predict with
            job = Predict(1, (), 1, 1.0)
        try:
            worker.submit(job)
            while (refusal := _outcome(reports, trial, refusal_wanted=not models)) is not None:
                trial.refused.append(refusal)
                settings = replace(settings, on_cpu=(*settings.on_cpu, refusal.part))
                worker.unload()
                worker.submit(job)
        finally:
            worker.stop()
    trial.seconds = time.monotonic() - began
    return trial


def judge_trial(trial: WorkerTrial) -> Finding:
    """Return whether videos can be extracted on this machine."""
    if trial.failure:
        remedy = "see the lines above; if all is well there, make memory free and try again"
        return problem("worker", f"it could not extract a sample clip: {trial.failure}", remedy)
    if not trial.width:
        return ok("worker", f"starts and answers ({trial.seconds:.1f} s); without models it has nothing to do")
    return ok("worker", f"starts, loads the models and extracts a sample clip ({trial.seconds:.1f} s)")


def judge_placement(trial: WorkerTrial) -> Iterator[Finding]:
    """Yield what runs on the graphics card and what it refused. Without a card, yield nothing."""
    for refusal in trial.refused:
        what = "speech" if refusal.part == "speech" else "pictures and words"
        says = f"the graphics card refused {what}: {refusal.reason}"
        yield warning("card", says, advice(refusal.reason) or "set 'features.device' to cpu, or ask about this message")
    if trial.placement is not None:
        yield ok("card", str(trial.placement.without([refusal.part for refusal in trial.refused])))


def _outcome(
    reports: queue.SimpleQueue[Report | WorkerLost], trial: WorkerTrial, *, refusal_wanted: bool = False
) -> DeviceRefused | None:
    """Record in `trial` the outcome of a job, or return that the graphics card refused it.

    This waits without a timeout, because the worker always reports the end of a job.
    """
    while True:
        match reports.get():
            case Placed(towers=towers, speech=speech):
                trial.placement = Placement(towers, speech)
            case DeviceRefused() as refusal if len(trial.refused) < 2:
                return refusal
            case Extracted(vector=vector):
                trial.width = len(vector) // 4
            case ExtractFailed(reason=reason):
                trial.failure = f"the clip {reason}"
            case JobFailed(reason=reason) | DeviceRefused(reason=reason):
                trial.failure = "" if refusal_wanted else reason
                return None
            case WorkerLost(reason=reason):
                trial.failure = f"the worker {reason}"
                return None
            case JobDone():
                return None


def judge_confinement(*, files: bool, calls: bool, linux: bool) -> Finding:
    """Return a finding on how far the system confines the worker.

    `files` and `calls`: the system can forbid writing files (Landlock) and system calls (seccomp).
    """
    if files and calls:
        return ok(
            "confinement", "the worker writes into its own folders only, and reaches no network once models are loaded"
        )
    if not linux:
        return ok(
            "confinement", "this system lets a process give up neither files nor calls; limits and time-outs stand"
        )
    wanted = (("no Landlock", files), ("no seccomp filter", calls))
    says = sentence([what for what, given in wanted if not given])
    return warning("confinement", says, "allow it, or do not save videos from strangers into this folder")
