"""The worker process: reads jobs from stdin, does one after the other, and writes reports to its former stdout.

Nothing heavy is imported before a job needs it. An error that no job foresees ends the process with its traceback. The
daemon then starts a new one, whose state is certainly sound.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from sorterd import cloud
from sorterd.worker import wire
from sorterd.worker.child.jobs import Jobs
from sorterd.worker.child.questions import WaitingQuestions
from sorterd.worker.decoder.fork_server import ForkServer
from sorterd.worker.decoder.programs import PROGRAMS
from sorterd.worker.embed_messages import Embed, TextEmbedded
from sorterd.worker.job_messages import Job
from sorterd.worker.messages import Ready, Send, Setup, WorkerMessage
from sorterd.worker.report_messages import Report
from sorterd.worker.sandbox import landlock, limits

KERNELS = ".cuda"
"""A folder in the artifacts folder, kept between workers. The driver compiles kernels into it for a card that is newer
than a library; without it, that happens at each start (23 s instead of 3 on an H200). The user's own cache is not used,
because other programs load code from it."""


class JobRunner(Protocol):
    """Does one job after the other, and reports to the `Send` that it was made with."""

    def do(self, job: Job) -> None:
        """Do `job` and report its end."""

    def answer(self, question: Embed) -> None:
        """Answer a question."""


def main(runner: Callable[[Setup, Send], JobRunner] | None = None) -> None:
    """Serve until stdin ends. `runner` makes the object that does the jobs, for tests to pass their own."""
    refused = limits.apply()
    jobs_fd, reports_fd = take_pipes()
    if refused:
        print(f"this system forbids a worker to take on: {', '.join(refused)}", file=sys.stderr, flush=True)
    messages = _received(jobs_fd)
    setup = next(messages)
    assert isinstance(setup, Setup)
    cloud.allow_downloads(setup.download_from_cloud)
    confine(setup)  # before other threads exist: they would not be confined
    fork_server = ForkServer(PROGRAMS) if sys.platform == "linux" else None  # no fork once there are threads
    questions = WaitingQuestions()
    runner = runner or partial(Jobs, fork_server=fork_server, questions=questions)
    inbox: queue.SimpleQueue[WorkerMessage] = queue.SimpleQueue()
    threading.Thread(target=_pass_on, args=(messages, inbox, questions), daemon=True).start()

    speaking = threading.Lock()  # decoders report from their own threads

    def send(message: Ready | Report | TextEmbedded) -> None:
        frame = wire.encode(message, wire.REPORT_LIMIT)
        with speaking:
            wire.write_all(reports_fd, frame)

    send(Ready())
    jobs = runner(setup, send)
    while True:
        message = inbox.get()
        if isinstance(message, Job):
            jobs.do(message)
        for question in questions.take():
            jobs.answer(question)


def take_pipes() -> tuple[int, int]:
    """Return descriptors for jobs and reports.

    Libraries that print now print to stderr. Those that read stdin find it empty.
    """
    jobs, reports = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, reports


def confine(setup: Setup) -> None:
    """Forbid this process to write anywhere except where it has to."""
    artifacts = Path(os.fsdecode(setup.artifacts))
    scratch = landlock.empty_scratch(artifacts)
    if scratch is not None:
        os.environ["TMPDIR"] = str(scratch)
    os.environ["CUDA_CACHE_PATH"] = str(artifacts / KERNELS)  # the driver creates it when it has something to keep
    # Packaged models need no cache; a hub's models are fetched into one.
    folders = landlock.own_folders(artifacts, os.environ, hub=setup.features.models != "embedded")
    for cache in folders[1:]:
        with suppress(OSError):  # the fetch itself will fail too, and say so
            cache.mkdir(parents=True, exist_ok=True)
    landlock.confine(folders)


def _pass_on(
    messages: Iterator[WorkerMessage], inbox: queue.SimpleQueue[WorkerMessage], questions: WaitingQuestions
) -> None:
    for message in messages:
        if isinstance(message, Embed):
            questions.put(message)
        inbox.put(message)  # a question too: it wakes a worker without a job


def _received(fd: int) -> Iterator[WorkerMessage]:
    """Yield the daemon's messages. When they end, the daemon has ended: exit at once, whatever is running."""
    try:
        yield from wire.messages_from(fd, wire.JOB_LIMIT)
    except wire.WireError as error:
        print(f"the daemon sent an invalid message: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)
