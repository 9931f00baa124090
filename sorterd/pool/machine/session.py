"""What a machine and home say to each other, seen from the machine."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

from sorterd import __version__
from sorterd.pool import messages
from sorterd.pool.control import CLIPS
from sorterd.pool.machine.bench import Bench
from sorterd.pool.machine.incoming import Incoming, NotToBeHad
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
class _Fetching:
    """A task whose files come in. `missing` are the videos of which pieces are still to come, `here` what is here."""

    task: messages.Task
    incoming: Incoming
    missing: dict[str, messages.Source]
    here: dict[str, Path] = field(default_factory=dict)
    complete: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class MachineSession:
    """One connection. `send` takes frames for home, `say` sentences for the person here.

    `awake` returns false if this machine was asleep for so long that home has given its work to others. `dismissed` is
    the reason for which home, or this machine, has ended it for good. `on_end` is called then.
    """

    bench: Bench
    folder: Path
    shared: Path | None
    send: Callable[[bytes], None]
    say: Callable[[str], None]
    on_end: Callable[[], None]
    awake: Callable[[], bool] = lambda: True
    dismissed: str = ""
    _prepared: messages.Prepare | None = None
    _tasks: dict[int, _Fetching] = field(default_factory=dict)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def begin(self) -> None:
        """Say the first word."""
        self._tell(messages.Hello(__version__, self.shared is not None))

    def close(self) -> None:
        """Forget everything: the connection has ended."""
        for task in self._running:
            task.cancel()
        for fetching in self._tasks.values():
            fetching.incoming.discard()
        self._tasks.clear()

    def take(self, frame: bytes) -> None:
        """Take a frame from home. Anything that is no message of ours ends the session."""
        try:
            message = wire.decode_body(frame, TO_MACHINE, LIMIT)
        except wire.WireError as error:
            self._end(f"home sent an invalid message: {error}")
            return
        match message:
            case messages.Prepare():
                self._start(self._prepare(message))
            case messages.Accepted():
                self.say("accepted: this machine gets videos from now on")
            case messages.Dismissed(reason):
                self._end(reason)
            case messages.Task():
                self._begin(message)
            case messages.Piece():
                self._piece(message)

    async def _prepare(self, asked: messages.Prepare) -> None:
        """Load the models and show what they make of the control clips."""
        self._prepared = asked
        self.say("loading the models")
        self.bench.prepare(asked)
        described: list[Report | WorkerLost] = []
        await self.bench.run(Describe(_DESCRIBE), described.append)
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
        await self.bench.run(Extract(_CONTROLS, items, asked.space, asked.width), shown.append)
        made = tuple(report for report in shown if isinstance(report, Extracted))
        failed = [report for report in shown if isinstance(report, ExtractFailed | JobFailed | WorkerLost)]
        if len(made) == len(items):
            self._tell(messages.ControlsExtracted(space, made))
        else:
            self._unfit(f"it cannot look at the control clips: {failed[0].reason if failed else 'no answer'}")

    def _begin(self, task: messages.Task) -> None:
        folder = self.folder / f"task-{next(self._numbers)}"
        follows = {source.fingerprint: source for source in task.sources if source.follows}
        self._tasks[task.job] = fetching = _Fetching(task, Incoming(folder, self.shared), follows)
        if not follows:
            fetching.complete.set()
        self._start(self._do(fetching))

    async def _do(self, fetching: _Fetching) -> None:
        task, incoming = fetching.task, fetching.incoming
        try:
            for source in task.sources:
                if not source.follows:
                    try:
                        copy = await asyncio.to_thread(incoming.copy, source.fingerprint, source.path)
                        fetching.here[source.fingerprint] = copy
                    except NotToBeHad as error:
                        self._tell(messages.Lacking(task.job, source.fingerprint, str(error)))
            await fetching.complete.wait()
            await self._extract(task, fetching.here)
        finally:
            self._tasks.pop(task.job, None)
            await asyncio.to_thread(incoming.discard)

    async def _extract(self, task: messages.Task, here: dict[str, Path]) -> None:
        if not here or self._prepared is None:
            self._tell(JobDone(task.job))
            return
        items = tuple(Item(fingerprint, bytes(path)) for fingerprint, path in here.items())

        def report(one: Report | WorkerLost) -> None:
            match one:
                case WorkerLost(job, in_flight, reason):
                    self._tell(messages.Lost(job, in_flight, reason))
                case DeviceRefused(job, _, reason):
                    self._tell(messages.Lost(job, (), reason))
                case _ if type(one).__name__ in FROM_MACHINE:
                    self._tell(one)  # type: ignore[arg-type]

        await self.bench.run(Extract(task.job, items, self._prepared.space, self._prepared.width), report, self.awake)

    def _piece(self, piece: messages.Piece) -> None:
        fetching = self._tasks.get(piece.job)
        source = fetching.missing.get(piece.fingerprint) if fetching else None
        if fetching is None or source is None:
            return  # of a video that was given up
        try:
            whole = fetching.incoming.add(piece.fingerprint, source.path, piece.content, last=piece.last)
        except NotToBeHad as error:
            whole = None
            self._tell(messages.Lacking(piece.job, piece.fingerprint, str(error)))
            del fetching.missing[piece.fingerprint]
        if whole is not None:
            fetching.here[piece.fingerprint] = whole
            del fetching.missing[piece.fingerprint]
        if not fetching.missing:
            fetching.complete.set()

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
