"""The daemon's side of the worker: start it, give it one job at a time, notice when it dies or hangs.

One thread per `Worker` does all of it and waits in one place: a selector, with the next deadline as its time-out.
`progress` decides when a silent worker counts as hung.
"""

from __future__ import annotations

import selectors
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Literal

from sorterd.worker import wire
from sorterd.worker.embed_messages import TextEmbedded
from sorterd.worker.host.bell import Bell
from sorterd.worker.host.lost import WorkerBusy, WorkerLost
from sorterd.worker.host.pipes import Pipes
from sorterd.worker.host.process import Child, describe_exit, read_now, told_to_end
from sorterd.worker.host.progress import JobProgress
from sorterd.worker.host.questions import Questions
from sorterd.worker.host.room import Room
from sorterd.worker.host.stderr import StderrLines
from sorterd.worker.job_messages import KINDS, OF_VIDEOS, Job, to_check
from sorterd.worker.messages import Ready, Setup, WorkerMessage
from sorterd.worker.report_messages import Report
from sorterd.worker.wire import WireError

# -P: modules are not imported from the current folder, which may be the one with the untrusted files.
COMMAND = (sys.executable, "-P", "-m", "sorterd.worker")

_LAST_WORDS = 32  # chunks; more than a pipe holds
State = Literal["stopped", "starting", "idle", "busy"]


class Worker:
    """At most one child process. It is started by the first job, and by the first job after each end.

    - `setup`: called by `submit`, on the caller's thread. Returns the setup for a child that is started now.
    - `report`: called with each report of the job and, last, with the one that ends it or with `WorkerLost`. It runs on
      the worker's thread and must return at once. When it gets the last one, the next job may be submitted.
    - `item_timeout`, `start_timeout`: seconds of silence allowed with and without a video in flight.
    - `idle_unload`: seconds without a job after which the child is ended and gives back its memory.
    - `patience`: seconds between asking the child to end, SIGTERM and SIGKILL.
    - `log`: called with each line that the child prints, made safe to show.
    """

    def __init__(
        self,
        setup: Callable[[], Setup],
        *,
        report: Callable[[Report | WorkerLost], None],
        item_timeout: float,
        start_timeout: float,
        idle_unload: float,
        clock: Callable[[], float] = time.monotonic,
        command: Sequence[str] = COMMAND,
        log: Callable[[str], None] = lambda line: print("worker:", line, file=sys.stderr),
        patience: float = 2.0,
    ) -> None:
        self._setup = setup
        self._report = report
        self._item_timeout = item_timeout
        self._start_timeout = start_timeout
        self._idle_unload = idle_unload
        self._clock = clock
        self._command = tuple(command)
        self._log = log
        self._patience = patience

        self.state: State = "stopped"
        """What the child does. It is "starting" from the job that starts it until it can take that job."""
        self.pid: int | None = None
        """The child's process id."""
        self.restarts = 0
        """How often a child died or had to be killed."""
        self.has_models = False
        """Whether the child may have loaded the models for extraction: it was given a job that needs them."""
        self.questions = Questions(self._ring)
        """What the child is asked beside its job."""

        self._lock = threading.Lock()  # guards `state` and the next two, which both threads write
        # Submitted, not yet taken: the job without vectors, and the frames of setup and job.
        self._next: tuple[Job, bytes, bytes] | None = None
        self._occupied = False  # from a job's submission to its last report
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._unloading = False
        self._bell: Bell | None = None  # there as long as the thread
        self._progress: JobProgress | None = None  # used by the thread only, like the next one
        self._idle_since = 0.0

    # --- the daemon's side: call from one thread, or from `report` ---

    def room(self) -> Room:
        """Return how many jobs it takes at a time: a second one could not wait for the first any closer than here."""
        return Room(1)

    def submit(self, job: Job) -> None:
        """Give the worker a job. Raise WorkerBusy if it has one, WireError if the job cannot be sent."""
        if isinstance(job, OF_VIDEOS) and len({item.fingerprint for item in job.items}) < len(job.items):
            raise WireError(f"{type(job).__name__} {job.job} names a video twice")
        frames = wire.encode(self._setup()), wire.encode(job)
        with self._lock:
            if self._occupied:
                raise WorkerBusy(f"job {job.job} was submitted while another is under way")
            self._occupied = True
            self._next = (to_check(job), *frames)
            self.state = "busy" if self.state == "idle" else "starting"
            self.has_models |= KINDS[type(job)].loads_models
        if self._thread is None:
            self._bell = Bell()
            self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
            self._thread.start()
        self._ring()

    def unload(self) -> None:
        """End the child as soon as it has no job. The next job gets a new one."""
        self._unloading = True
        if self._thread is not None:
            self._ring()

    def stop(self) -> None:
        """End the child and the thread. A running job is dropped without a report."""
        if self._thread is None:
            return
        self._stopping = True
        self._ring()
        self._thread.join()
        assert self._bell is not None
        self._bell.close()
        self._thread, self._bell, self._progress, self._next = None, None, None, None
        self._stopping, self._occupied = False, False
        self.state, self.has_models = "stopped", False

    def _ring(self) -> None:
        assert self._bell is not None
        self._bell.ring()

    # --- the thread ---

    def _run(self) -> None:
        assert self._bell is not None
        with selectors.DefaultSelector() as bell:
            bell.register(self._bell, selectors.EVENT_READ)
            while not self._stopping:
                try:
                    ran = self._run_child()
                except Exception as error:  # noqa: BLE001  # a job without an end would be waited for for ever
                    ran = True
                    self._report_loss(f"could not be looked after: {error}", blame=False)
                if not ran:
                    bell.select()
                    self._bell.hear()

    def _take_next(self) -> tuple[bytes, bytes] | None:
        """Take the submitted job. Return the frames of setup and job, or None if there is no job."""
        with self._lock:
            if self._next is None:
                return None
            job, setup, frame = self._next
            self._next = None
        self._progress = JobProgress(job, self._clock())
        return setup, frame

    def _run_child(self) -> bool:
        """Run one child, from its start for the submitted job to its end. Return False if no job was submitted."""
        submitted = self._take_next()
        if submitted is None:
            return False
        self._unloading = False
        try:
            child = Child(self._command)
        except OSError as error:
            self._report_loss(f"could not be started: {error}")
            return True
        self.pid = child.pid
        lines = StderrLines(self._log)
        for frame in submitted:
            child.send(frame)
        del frame, submitted  # they may be many megabytes, and the child may live long
        try:
            why = self._serve(child, lines)
        finally:  # also if `report` raises: no child outlives its thread
            status = child.end(self._patience)
            for _ in range(_LAST_WORDS):  # not for ever: processes that the child started may still be writing
                if not (data := read_now(child.stderr.fileno())):
                    break
                lines.feed(data)
            lines.close()
            child.close()
            self.pid = None
            self.questions.end()
        if why is None:
            self._set_state("stopped", job_over=False)
        elif why or child.resisted:
            self._report_loss(why or "closed its pipe but did not end")
        else:
            self._report_loss(describe_exit(status, lines.last), blame=not told_to_end(status))
        return True

    def _serve(self, child: Child, lines: StderrLines) -> str | None:
        """Carry jobs down and reports up while the child lives.

        Return None if the child should end as planned, "" if it ended by itself, or why it must be killed.
        """
        assert self._bell is not None
        frames = wire.Frames(wire.REPORT_LIMIT)
        with Pipes(child, self._bell, lines) as pipes:
            while not self._stopping:
                if self._progress is None and not self._unloading and (submitted := self._take_next()):
                    child.send(submitted[1])
                    del submitted  # it may be many megabytes
                for frame in self.questions.frames():
                    child.send(frame)
                    self._idle_since = self._clock()
                data = pipes.wait(unsent=child.flush(), seconds=self._seconds_left())
                if data == b"":
                    return ""
                if data:
                    try:
                        for message in frames.feed(data):
                            self._take_in(message, lines)
                    except WireError as error:
                        return f"sent an invalid message: {error}"
                elif self._seconds_left() <= 0:  # checked only when nothing was left to read
                    if self._progress is None:
                        return None
                    child.kill()
                    allowed = self._item_timeout if self._progress.in_flight else self._start_timeout
                    return f"gave no sign of life for {allowed:g} s"
        return None

    def _seconds_left(self) -> float:
        """Return the seconds until the child hangs or has been idle for long enough."""
        if self._progress is None:
            deadline = self._idle_since + (0.0 if self._unloading else self._idle_unload)
        else:
            deadline = self._progress.deadline(self._item_timeout, self._start_timeout)
        return max(0.0, min(deadline - self._clock(), threading.TIMEOUT_MAX))

    def _take_in(self, message: WorkerMessage, lines: StderrLines) -> None:
        """Pass a report on. Raise WireError if it is out of turn."""
        if isinstance(message, Ready) and self._progress and self.state == "starting":
            self._progress.heartbeat(self._clock())
            self.state = "busy"
            self.questions.begin()
            return
        if isinstance(message, TextEmbedded):
            self.questions.answered(message)
            return
        if not isinstance(message, Report) or self._progress is None:
            raise WireError(f"{type(message).__name__} was not asked for")
        if self._progress.record(message, self._clock()):
            lines.end_of_job()
            self._progress = None
            self._idle_since = self._clock()
            self._set_state("idle", job_over=True)
            self.questions.job_ended()
        self._report(message)

    def _report_loss(self, reason: str, *, blame: bool = True) -> None:
        """Report that the child ended unexpectedly, and that its job is lost."""
        self.restarts += 1
        progress, self._progress = self._progress, None
        self._set_state("stopped", job_over=progress is not None)
        if progress is not None:
            self._report(WorkerLost(progress.job.job, progress.in_flight if blame else (), reason, by_itself=blame))

    def _set_state(self, state: State, *, job_over: bool) -> None:
        with self._lock:
            if job_over:
                self._occupied = False
            if state == "stopped":
                self.has_models = self._next is not None and KINDS[type(self._next[0])].loads_models
            self.state = "starting" if self._occupied else state  # a job came in while the child was ending
