"""The worker itself: reads jobs from its stdin, does one after the other, writes reports to what was its stdout.

Nothing heavy is imported before a job needs it. An error that no job foresees ends the process with its traceback: the
daemon starts a fresh one, which is the one state that is surely sound.
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
from sorterd.worker.child.send import Send
from sorterd.worker.messages import Job, Ready, Report, Setup, WorkerMessage
from sorterd.worker.sandbox import landlock, limits, second_decoder
from sorterd.worker.sandbox.second_decoder import SecondDecoder

KERNELS = ".cuda"
"""In the artifacts folder, and kept: what the driver compiles for a card that is newer than a library. Without it that
is compiled at each start (23 s instead of 3 on an H200). Not the user's own cache, from which other programs load."""


class Workman(Protocol):
    """Does one job after the other; reports go to the `Send` that it was made with."""

    def do(self, job: Job) -> None:
        """Do `job` and report its end."""


def main(workman: Callable[[Setup, Send], Workman] | None = None) -> None:
    """Serve until stdin ends. `workman` makes who does the jobs; another than the usual one is for tests."""
    refused = limits.apply()
    jobs_fd, reports_fd = take_pipes()
    if refused:
        print(f"this system forbids a worker to take on: {', '.join(refused)}", file=sys.stderr, flush=True)
    messages = _heard(jobs_fd)
    setup = next(messages)
    assert isinstance(setup, Setup)
    cloud.allow_downloads(setup.download_from_cloud)
    confine(setup)  # before there is another thread: those that are there already would stay free
    workman = workman or partial(Jobs, second_decoder=second_decoder_for(setup))  # no fork once there are threads
    inbox: queue.SimpleQueue[WorkerMessage] = queue.SimpleQueue()
    threading.Thread(target=_pass_on, args=(messages, inbox), daemon=True).start()

    speaking = threading.Lock()  # decoders report from threads of their own

    def send(message: Ready | Report) -> None:
        frame = wire.encode(message, wire.REPORT_LIMIT)
        with speaking:
            wire.write_all(reports_fd, frame)

    send(Ready())
    jobs = workman(setup, send)
    while True:
        job = inbox.get()
        assert isinstance(job, Job)
        jobs.do(job)


def second_decoder_for(setup: Setup) -> SecondDecoder | None:
    """The decoder for what the first one cannot read, if there is one here."""
    return SecondDecoder(setup.item_seconds / 8) if second_decoder.offered() else None


def take_pipes() -> tuple[int, int]:
    """Descriptors for jobs and reports. What a library prints goes to stderr, what one reads from stdin is empty."""
    jobs, reports = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, reports


def confine(setup: Setup) -> None:
    """Take away from this process the right to write elsewhere than it has to."""
    artifacts = Path(os.fsdecode(setup.artifacts))
    scratch = landlock.empty_scratch(artifacts)
    if scratch is not None:
        os.environ["TMPDIR"] = str(scratch)
    os.environ["CUDA_CACHE_PATH"] = str(artifacts / KERNELS)  # the driver makes it when there is something to keep
    # Models that come from packages need no cache; a hub's are fetched into one.
    folders = landlock.own_folders(artifacts, os.environ, hub=setup.features.models != "embedded")
    for cache in folders[1:]:
        with suppress(OSError):  # then nothing can be fetched into it either, which is said when it is tried
            cache.mkdir(parents=True, exist_ok=True)
    landlock.confine(folders)


def _pass_on(messages: Iterator[WorkerMessage], inbox: queue.SimpleQueue[WorkerMessage]) -> None:
    for message in messages:
        inbox.put(message)


def _heard(fd: int) -> Iterator[WorkerMessage]:
    """What the daemon says. When it ends, the daemon has: then end at once, whatever is under way."""
    try:
        yield from wire.messages_from(fd, wire.JOB_LIMIT)
    except wire.WireError as error:
        print(f"the daemon made no sense: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)
