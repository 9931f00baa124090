"""A machine that is connected, as an executor: from its first word to the last report of its jobs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from sorterd import __version__
from sorterd.features.settings import FeatureSettings, FeatureSpace
from sorterd.pool import messages
from sorterd.pool.control import CLIPS, difference
from sorterd.pool.home.sending import MOST_SENT, frames, size_of, sources_of
from sorterd.pool.messages import FROM_MACHINE, LIMIT
from sorterd.text import printable
from sorterd.worker import wire
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.progress import JobProgress
from sorterd.worker.host.room import Room
from sorterd.worker.job_messages import Describe, Extract, Job
from sorterd.worker.report_messages import Report
from sorterd.worker.wire import WireError

JOBS = 2
START_SECONDS = 900.0  # as for the worker at home: its first start may fetch models
_LONGEST_REASON = 300

State = Literal["greeting", "preparing", "comparing", "working", "dismissed", "gone"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What home asks of a machine. `may_send`: videos may be sent to a machine that has no folder of videos."""

    root: Path
    features: FeatureSettings
    space: FeatureSpace
    item_seconds: float
    pictures: bool
    may_send: bool


@dataclass(frozen=True, slots=True)
class PipelineAtHome:
    """What machines need of the pipeline.

    `terms` returns what is asked of machines, None while that is not known yet. `report` gets validated reports,
    `stay_home` the videos that cannot travel, `compare` the function to call with what home makes of the control clips,
    or with the reason why it makes nothing of them.
    """

    terms: Callable[[], Terms | None]
    report: Callable[[Report | WorkerLost], None]
    stay_home: Callable[[str], None]
    compare: Callable[[Callable[[Mapping[str, bytes], str], None]], None]


@dataclass(slots=True)
class Remote:
    """One connection of one machine. Used on the loop's thread.

    `send` takes frames for it. `ready` and `refuse` are called once; `refuse` takes the reason and the last frame for
    the machine, b"" for none.
    """

    name: str
    home: PipelineAtHome
    send: Callable[[Iterable[bytes]], None]
    ready: Callable[[], None]
    refuse: Callable[[str, bytes], None]
    clock: Callable[[], float] = time.monotonic
    has_models: bool = False
    state: State = "greeting"
    device: str = ""
    shared: bool = False
    _terms: Terms | None = None
    _jobs: dict[int, JobProgress] = field(default_factory=dict)  # in the order in which they were given
    _to_send: set[str] = field(default_factory=set)  # videos that its folder lacks

    # --- the executor ---

    def room(self) -> Room:
        """Return how many jobs it takes."""
        if self.state != "working":
            return Room(0)
        return Room(JOBS, None if self.shared else MOST_SENT)

    def submit(self, job: Job) -> None:
        """Give it videos to extract. Those for which there is no room in the task stay in the queue."""
        assert isinstance(job, Extract)
        assert self._terms is not None
        if self.state != "working":
            self.home.report(WorkerLost(job.job, (), "has gone", by_itself=False))
            return
        sources = sources_of(job, self._terms.root, self._follows)
        taken = {source.fingerprint for source in sources}
        reduced = replace(job, items=tuple(item for item in job.items if item.fingerprint in taken))
        self._jobs[job.job] = JobProgress(reduced, self.clock())
        self.send(frames(job.job, sources, self._terms.root))

    def unload(self) -> None:
        """Do nothing: its models are its own business."""

    def stop(self) -> None:
        """Let go of all jobs, without reports."""
        self.state = "gone"
        self._jobs.clear()

    # --- the machine ---

    def prepare(self) -> None:
        """Ask it to load its models, if it has said its version, was not asked yet, and the feature space is known."""
        if self.state != "preparing" or self._terms is not None or (terms := self.home.terms()) is None:
            return
        self._terms = terms
        if not (self.shared or terms.may_send):
            self.dismiss("it has no folder of videos (--videos), and pool.bytes is never")
            return
        asked = messages.Prepare(
            terms.features, terms.space.id, terms.space.extracted_width, terms.item_seconds, terms.pictures
        )
        self._tell(asked)

    def take(self, frame: bytes) -> None:
        """Take a frame from it. One that an honest machine could not send ends the connection."""
        if self.state in ("dismissed", "gone"):
            return
        try:
            self._take(wire.decode_body(frame, FROM_MACHINE, LIMIT))
        except WireError as error:
            self.dismiss(f"it sent an invalid message: {error}")

    def leave(self, reason: str) -> bool:
        """Give its jobs back, because the connection has ended. Return whether it had any."""
        self.state = "gone" if self.state != "dismissed" else self.state
        jobs, self._jobs = self._jobs, {}
        for job in jobs:
            self.home.report(WorkerLost(job, (), reason, by_itself=False))
        return bool(jobs)

    def hangs(self) -> bool:
        """Return whether it has been silent on its first job for longer than a job may take."""
        first = next(iter(self._jobs.values()), None)
        if first is None or self._terms is None:
            return False
        return first.deadline(self._terms.item_seconds + 60.0, START_SECONDS) < self.clock()

    def dismiss(self, reason: str, *, tell: bool = True) -> None:
        """End the connection for this reason, and tell it to the machine unless that is where it comes from."""
        if self.state == "dismissed":
            return
        self.state = "dismissed"
        self.leave(f"was sent away: {reason}")
        self.refuse(reason, wire.encode_body(messages.Dismissed(reason), LIMIT) if tell else b"")

    def _take(self, message: messages.FromMachine) -> None:
        match message:
            case messages.Hello() if self.state == "greeting":
                self.shared, self.state = message.shared, "preparing"
                if message.version != __version__:
                    there, here = _shown(message.version), __version__
                    self.dismiss(f"it has sorterd {there} and home has {here}: install the same version on both")
                self.prepare()
            case messages.ControlsExtracted() if self.state == "preparing" and self._terms is not None:
                self._compare(message, self._terms)
            case messages.Unfit() if self.state == "preparing":
                self.dismiss(_shown(message.reason), tell=False)
            case messages.Lacking():
                self._lacks(message)
            case messages.Lost():
                self._lost(message)
            case _ if isinstance(message, Report):
                self._reported(message)
            case _:
                raise WireError(f"{type(message).__name__} was not asked for")

    def _compare(self, shown: messages.ControlsExtracted, terms: Terms) -> None:
        described, width = shown.described, terms.space.extracted_width
        JobProgress(Describe(described.job), self.clock()).record(described, self.clock())
        if described.space != terms.space.id or described.modalities != terms.space.extracted:
            raise WireError("another feature space")
        there = {control.fingerprint: control.vector for control in shown.controls}
        if not there.keys() <= CLIPS.keys() or any(len(vector) != 4 * width for vector in there.values()):
            raise WireError("the features of the control clips expected")
        self.device, self.state = _shown(described.device)[:20], "comparing"

        def answer(home: Mapping[str, bytes], reason: str) -> None:
            if self.state != "comparing":
                return  # it has gone meanwhile
            why = f"home cannot look at the control clips: {reason}" if reason else ""
            if why := why or difference(home, there, terms.space.extracted):
                self.dismiss(why)
                return
            self.state = "working"
            self._tell(messages.Accepted())
            self.ready()

        self.home.compare(answer)

    def _reported(self, report: Report) -> None:
        progress = self._jobs.get(report.job)
        if progress is None:
            raise WireError(f"{type(report).__name__} of a job that it does not have")
        if progress.record(report, self.clock()):
            self._end(report.job)
        self.home.report(report)

    def _lacks(self, lacking: messages.Lacking) -> None:
        progress = self._jobs.get(lacking.job)
        if progress is None:
            raise WireError("a video is lacking of a job that it does not have")
        progress.withdraw(lacking.fingerprint, self.clock())
        sent = self._follows(lacking.fingerprint)
        self._to_send.add(lacking.fingerprint)
        assert self._terms is not None
        if sent or not self._terms.may_send or self._size(lacking.fingerprint, progress) > MOST_SENT:
            self.home.stay_home(lacking.fingerprint)

    def _lost(self, lost: messages.Lost) -> None:
        progress = self._jobs.get(lost.job)
        if progress is None or not set(lost.in_flight) <= set(progress.in_flight):
            raise WireError("a loss that cannot be")
        self._end(lost.job)
        by_itself = bool(lost.in_flight)  # else it is that machine's own trouble
        reason = f"{'' if by_itself else 'cannot work: the worker '}{_shown(lost.reason)}"
        self.home.report(WorkerLost(lost.job, lost.in_flight, reason, by_itself=by_itself))

    def _end(self, job: int) -> None:
        """Note that a job has ended; the next one begins now."""
        del self._jobs[job]
        for following in self._jobs.values():
            following.heartbeat(self.clock())

    def _follows(self, fingerprint: str) -> bool:
        """Return whether the bytes of this video are sent."""
        return not self.shared or fingerprint in self._to_send

    def _size(self, fingerprint: str, progress: JobProgress) -> int:
        job = progress.job
        assert isinstance(job, Extract)
        return next((size_of(item.path) for item in job.items if item.fingerprint == fingerprint), 0)

    def _tell(self, message: messages.ToMachine) -> None:
        self.send([wire.encode_body(message, LIMIT)])


def _shown(text: str) -> str:
    return printable(text)[:_LONGEST_REASON]
