"""What a machine and home say to each other, seen from the machine."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sorterd import __version__
from sorterd.pool import messages
from sorterd.pool.control import CLIPS
from sorterd.pool.machine.local_worker import LocalWorker
from sorterd.pool.machine.task_files import NotToBeHad, TaskFiles
from sorterd.pool.messages import FROM_MACHINE, LIMIT, TO_MACHINE
from sorterd.worker import wire
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Describe, Extract, Item
from sorterd.worker.report_messages import (
    Described,
    DeviceRefused,
    Extracted,
    ExtractFailed,
    JobDone,
    JobFailed,
    Report,
)

_DESCRIBE, _CONTROLS = -1, -2  # numbers of jobs that home has not given


@dataclass(slots=True)
class MachineSession:
    """One connection. `send` takes frames for home, `say` sentences for the person here.

    `awake` returns false if this machine was asleep for so long that home has given its work to others. `dismissed` is
    the reason for which home, or this machine, has ended it for good. `on_end` is called then.
    """

    models: LocalWorker
    folder: Path
    shared: Path | None
    send: Callable[[bytes], None]
    say: Callable[[str], None]
    on_end: Callable[[], None]
    awake: Callable[[], bool] = lambda: True
    accepted: bool = False
    dismissed: str = ""
    _prepared: messages.Prepare | None = None
    _tasks: dict[int, TaskFiles] = field(default_factory=dict)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _in_turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def begin(self) -> None:
        """Say the first word."""
        self._tell(messages.Hello(__version__, self.shared is not None))

    def close(self) -> None:
        """Forget everything: the connection has ended."""
        for task in self._running:
            task.cancel()
        for files in self._tasks.values():
            files.discard()
        self._tasks.clear()

    def take(self, frame: bytes) -> None:
        """Take a frame from home. Anything that is no message of ours ends the session."""
        try:
            match wire.decode_body(frame, TO_MACHINE, LIMIT):
                case messages.Prepare() as asked:
                    self._start(self._prepare(asked))
                case messages.Accepted():
                    self.accepted = True
                    self.say("accepted: this machine gets videos from now on")
                case messages.Dismissed(reason):
                    self._end(reason)
                case messages.Task(job, sources):
                    files = TaskFiles(self.folder / f"task-{next(self._numbers)}", self.shared, sources)
                    self._tasks[job] = files
                    self._start(self._do(job, files))
                case messages.Piece() as piece if piece.job in self._tasks:
                    self._piece(piece, self._tasks[piece.job])
        except wire.WireError as error:
            self._end(f"home sent an invalid message: {error}")

    async def _prepare(self, asked: messages.Prepare) -> None:
        """Load the models and show what they make of the control clips."""
        self._prepared = asked
        self.say("loading the models")
        self.models.prepare(asked)
        described: list[Report | WorkerLost] = []
        await self.models.run(Describe(_DESCRIBE), described.append)
        space = described[-1]
        if not isinstance(space, Described):
            self._unfit(f"its models cannot be used: {getattr(space, 'reason', '')}")
        elif space.space != asked.space:
            self._unfit(
                f"its models make features of {space.space}, and home needs {asked.space}: "
                "install the same models and the same version on both"
            )
        else:
            await self._show_controls(space, asked)

    async def _show_controls(self, space: Described, asked: messages.Prepare) -> None:
        shown: list[Report | WorkerLost] = []
        items = tuple(Item(name, bytes(path)) for name, path in CLIPS.items())
        await self.models.run(Extract(_CONTROLS, items, asked.space, asked.width), shown.append)
        made = tuple(report for report in shown if isinstance(report, Extracted))
        failed = [report for report in shown if isinstance(report, ExtractFailed | JobFailed | WorkerLost)]
        if len(made) == len(items):
            self._tell(messages.ControlsExtracted(space, made))
        else:
            self._unfit(f"it cannot look at the control clips: {failed[0].reason if failed else 'no answer'}")

    async def _do(self, job: int, files: TaskFiles) -> None:
        """Fetch the videos of a task, and extract them once those of the tasks before it are fetched."""
        try:
            async with self._in_turn:
                for source in files.sources:
                    if not source.follows:
                        with self._lacking(job, source.fingerprint):
                            await asyncio.to_thread(files.copy, source)
                await files.arrived.wait()
                if files.failure is not None:
                    raise files.failure
            await self._extract(job, files.here)
        except OSError as error:  # the disk is full, for example: the trouble of this machine, not of a video
            reason = f"cannot keep files: {error.strerror or error}"
            self.say(f"this machine {reason}")
            self._tell(messages.Lost(job, (), reason))
        finally:
            self._tasks.pop(job, None)
            await asyncio.to_thread(files.discard)

    def _piece(self, piece: messages.Piece, files: TaskFiles) -> None:
        with self._lacking(piece.job, piece.fingerprint):
            files.add(piece)

    @contextmanager
    def _lacking(self, job: int, fingerprint: str) -> Iterator[None]:
        """Tell home of a video that cannot be had."""
        try:
            yield
        except NotToBeHad as error:
            self._tell(messages.Lacking(job, fingerprint, str(error)))

    async def _extract(self, job: int, here: dict[str, Path]) -> None:
        if not here or self._prepared is None:
            self._tell(JobDone(job))
            return
        items = tuple(Item(fingerprint, bytes(path)) for fingerprint, path in here.items())

        def report(one: Report | WorkerLost) -> None:
            match one:
                case WorkerLost(_, in_flight, reason):
                    self._tell(messages.Lost(job, in_flight, reason))
                case DeviceRefused(_, _, reason):
                    self._tell(messages.Lost(job, (), reason))
                case _ if type(one).__name__ in FROM_MACHINE:
                    self._tell(one)  # type: ignore[arg-type]

        await self.models.run(Extract(job, items, self._prepared.space, self._prepared.width), report, self.awake)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._end(f"this machine failed: {error}")
            raise error

    def _unfit(self, reason: str) -> None:
        self._tell(messages.Unfit(reason))
        self._end(reason.replace("its models", "the models here", 1))

    def _end(self, reason: str) -> None:
        self.dismissed = self.dismissed or reason
        self.on_end()

    def _tell(self, message: messages.FromMachine) -> None:
        self.send(wire.encode_body(message, LIMIT))
