"""The service in the foreground: lock, signals, watcher, control socket, service manager, around the loop."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import structlog

from sorterd.config import Config
from sorterd.daemon.assemble import Program, Wish, assembled
from sorterd.daemon.happenings import Tell
from sorterd.daemon.live import Live
from sorterd.daemon.requests import RequestRefused, Requests
from sorterd.daemon.watching import Watching
from sorterd.service.control import ControlServer
from sorterd.service.lock import StateLock
from sorterd.service.notify import Notifier, watchdog_interval
from sorterd.store.database import StoreError

REQUEST_SECONDS = 60.0


def run_service(config: Config, wish: Wish, tell: Tell, chores: Sequence[Callable[[], float]] = ()) -> None:
    """Run until SIGINT or SIGTERM. `chores` are done in turns of the loop; each says in how many seconds to come again.

    Raise AlreadyRunning, StoreError, ControlLost, RootUnavailable or WatcherDied."""
    log = structlog.get_logger()
    notifier = Notifier.from_environment(os.environ)
    with ExitStack() as stack:
        stack.enter_context(StateLock(config.state_dir))
        program = stack.enter_context(assembled(config, wish, tell, lambda line: log.info("worker", line=line)))
        stack.enter_context(_stopped_by_signals(program.loop.stop))
        # Watch first, then look: what happens in between is not missed.
        watching = stack.enter_context(Watching(config.videos, program.loop.hint, polling=config.watch.polling))
        office = Office(program, watching, Requests(program.store, program.mover, program.loop.work.clock))
        control = stack.enter_context(ControlServer(config.state_dir, office.answer))
        program.loop.each_turn(control.check)
        program.loop.each_turn(watching.turn)
        program.loop.each_turn(office.turn)
        for chore in chores:
            program.loop.each_turn(chore)
        interval = watchdog_interval(os.environ, os.getpid())
        if interval is not None:
            program.loop.each_beat(_watchdog(notifier, interval))
        notifier.ready(f"watching {config.videos}")
        log.info("started", videos=str(config.videos), backend=watching.backend, pid=os.getpid())
        program.loop.run()
        notifier.stopping()
        program.publisher.publish()
        log.info("stopped")


@dataclass(slots=True)
class Office:
    """Answers commands: the state of things at once, requests on the loop's thread."""

    program: Program
    watching: Watching
    requests: Requests
    _last: tuple[Live | None, float] = (None, 0.0)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """For the control socket's thread. A refusal is `{"refused": reason}`."""
        if request.get("do") == "status":
            live, turned_at = self._last
            # By a clock that never jumps: a wrong one must not make a loop that hangs look healthy.
            silent = time.monotonic() - turned_at
            return {"live": None if live is None else replace(live, silent_seconds=silent).to_json()}
        answer: Future[dict[str, Any]] = Future()
        self.program.loop.call(lambda: self._carry_out(request, answer))
        try:
            return answer.result(timeout=REQUEST_SECONDS)
        except NotInTime:
            return {"refused": "the service is busy; it will do this as soon as it can"}

    def turn(self) -> float | None:
        """Note the state of things, for `status`."""
        loop = self.program.loop
        rescan = self.program.config.watch.rescan_seconds
        loop.look_every(min(rescan, self.watching.looks_every or rescan))
        state = "the folder of videos cannot be looked at" if loop.trouble else self._activity()
        live = Live(
            pid=os.getpid(),
            silent_seconds=0.0,
            watcher_backend=self.watching.backend,
            watcher_healthy=self.watching.healthy and loop.trouble is None,
            watcher_reason=loop.trouble or self.watching.reason,
            worker_state=self.program.worker.state,
            worker_restarts=self.program.worker.restarts,
            activity=state,
            blocked=loop.blocked,
            problems=tuple(loop.work.problems),
            growing=len(loop.seen.growing),
            rate=loop.work.per_minute,
            move_troubles=tuple(loop.sorting.reasons.items()),
            blind_spots=loop.seen.blind_spots,
            devices=loop.work.card.devices,
            device_troubles=loop.work.card.troubles,
        )
        self._last = (live, time.monotonic())  # both at once: another thread reads them
        return 30.0

    def _carry_out(self, request: dict[str, Any], answer: Future[dict[str, Any]]) -> None:
        try:
            answer.set_result(self.requests.handle(request))
            self.program.loop.work.labels_changed()
            self.program.loop.hint()
        except RequestRefused as error:
            answer.set_result({"refused": str(error)})
        except (StoreError, sqlite3.Error) as error:  # a new start brings the database and its copy together again
            answer.set_exception(error)
            raise
        except Exception as error:  # noqa: BLE001  # told to whoever asked; a senseless request must not end the service
            answer.set_exception(error)

    def _activity(self) -> str:
        job = self.program.loop.work.busy
        words = {"Describe": "loading models", "Extract": "extracting", "Train": "training", "Predict": "predicting"}
        return "waiting for videos" if job is None else words[type(job).__name__]


def _watchdog(notifier: Notifier, interval: float) -> Callable[[], float | None]:
    """Pings from the loop itself and only while the watcher is sound (it raises otherwise): a bare timer would prove
    nothing but that the timer runs."""
    last = [float("-inf")]

    def ping() -> float:
        now = time.monotonic()
        if now - last[0] >= interval:
            notifier.watchdog()
            last[0] = now
        return last[0] + interval - now

    return ping


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """The first SIGINT or SIGTERM ends the loop after what is in hand; the second one ends the process."""

    def handle(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
