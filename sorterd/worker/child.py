"""The worker itself: reads jobs from its stdin, does one after the other, writes reports to what was its stdout.

Nothing heavy is imported before a job needs it. An error that no job foresees ends the process with its traceback: the
daemon starts a fresh one, which is the one state that is surely sound.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Protocol

from sorterd.worker import limits, wire
from sorterd.worker.jobs import Jobs
from sorterd.worker.messages import Job, Message, Ready, Report, Setup
from sorterd.worker.send import Send


class Workman(Protocol):
    """Does one job after the other; reports go to the `Send` that it was made with."""

    def do(self, job: Job) -> None:
        """Do `job` and report its end."""


def main(workman: Callable[[Setup, Send], Workman] = Jobs) -> None:
    """Serve until stdin ends. `workman` makes who does the jobs; another than the usual one is for tests."""
    limits.apply()
    jobs_fd, reports_fd = take_pipes()
    inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs_fd, inbox), daemon=True).start()
    setup = inbox.get()
    assert isinstance(setup, Setup)

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


def take_pipes() -> tuple[int, int]:
    """Descriptors for jobs and reports. What a library prints goes to stderr, what one reads from stdin is empty."""
    jobs, reports = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, reports


def _listen(fd: int, inbox: queue.SimpleQueue[Message]) -> None:
    """Put what the daemon says into `inbox`. When it ends, the daemon has: then end at once, whatever is under way."""
    try:
        for message in wire.messages_from(fd, wire.JOB_LIMIT):
            inbox.put(message)
    except wire.WireError as error:
        print(f"the daemon made no sense: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)
