"""The service in the foreground: lock, signals, watcher, control socket, service manager, around the loop."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import structlog

from sorterd.activity import Reporter
from sorterd.config import Config
from sorterd.daemon.app import App, RunOptions, open_app
from sorterd.daemon.live import Live
from sorterd.daemon.news import news_only
from sorterd.daemon.reload import Reload
from sorterd.daemon.requests import RequestRefused, Requests
from sorterd.daemon.signals import heard
from sorterd.daemon.silence import wait_for_answer
from sorterd.daemon.watcher import SupervisedWatcher
from sorterd.service.control import ControlServer
from sorterd.service.lock import StateLock
from sorterd.service.notify import Notifier, watchdog_interval
from sorterd.store.database import StoreError
from sorterd.text import counted
from sorterd.worker.sandbox import confinement

REQUEST_SECONDS = 60.0


def run_service(
    config: Config,
    options: RunOptions,
    report: Reporter,
    read_again: Callable[[], Config] | None = None,
    chores: Sequence[Callable[[], float]] = (),
) -> None:
    """Run until SIGINT or SIGTERM. `read_again` gives the config as it is now, for SIGHUP; it may raise ConfigError.

    `chores` are done in turns of the loop; each says in how many seconds to come again. Raise AlreadyRunning,
    StoreError, ControlLost or WatcherDied.
    """
    log = structlog.get_logger()
    notifier = Notifier.from_environment(os.environ)
    lacking = confinement.missing()
    if lacking:
        log.warning(lacking)
    current: Config | None = config
    with heard() as signals:
        while current is not None:
            reload = Reload(current, signals, notifier, read_again)
            _serve(current, options, report, reload, chores)
            current, options = reload.config, replace(options, accept_missing=False)
    log.info("stopped")


def _serve(
    config: Config, options: RunOptions, report: Reporter, reload: Reload, chores: Sequence[Callable[[], float]]
) -> None:
    """Run with one config, until the end is asked for or another config is there."""
    log = structlog.get_logger()
    notifier = reload.notifier
    with ExitStack() as stack:
        stack.enter_context(StateLock(config.state_dir))
        wait_for_answer(config.videos, reload.signals, notifier)
        if reload.signals.to_end:
            return
        program = stack.enter_context(
            open_app(config, options, news_only(report), lambda line: log.info("worker", line=line))
        )
        stack.enter_context(reload.passed_on(program.loop))
        # Watch first, then look: what happens in between is not missed.
        watching = stack.enter_context(
            SupervisedWatcher(config.videos, program.loop.hint, polling=config.watch.polling)
        )
        requests = Requests(program.store, program.mover, program.loop.pipeline.clock)
        office = ControlHandler(program, watching, requests, notifier.status)
        control = stack.enter_context(ControlServer(config.state_dir, office.answer))
        for action in (reload.turn, control.check, watching.turn, office.turn, *chores):
            program.loop.each_turn(action)
        interval = watchdog_interval(os.environ, os.getpid())
        if interval is not None:
            program.loop.each_beat(_watchdog(notifier, interval))
        notifier.ready(office.begin())
        log.info("started", videos=str(config.videos), backend=watching.backend, pid=os.getpid())
        program.loop.run()
        if reload.config is None:
            notifier.stopping()
        program.publisher.publish()


@dataclass(slots=True)
class ControlHandler:
    """Answers commands: the state of things at once, requests on the loop's thread."""

    program: App
    watching: SupervisedWatcher
    requests: Requests
    show: Callable[[str], None] = lambda _: None
    """Takes one line on the state of things whenever that is another one."""
    _last: tuple[Live | None, float] = (None, 0.0)
    _shown: str = ""

    def begin(self) -> str:
        """The first such line, before anything was looked at."""
        videos = self.program.config.videos
        here = self.watching.healthy or os.path.isdir(videos)  # Path.is_dir raises where a server has gone  # noqa: PTH112
        self._shown = f"watching {videos}" if here else f"waiting for the disk: {self.watching.reason}"
        return self._shown

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
        loop.sync_every(min(rescan, self.watching.sync_every or rescan))
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
            problems=tuple(loop.pipeline.problems),
            growing=len(loop.seen.growing),
            unread=loop.seen.unread_files,
            rate=loop.pipeline.per_minute,
            blind_spots=loop.seen.blind_spots,
            devices=loop.pipeline.card.devices,
            device_troubles=loop.pipeline.card.troubles,
        )
        self._last = (live, time.monotonic())  # both at once: another thread reads them
        line = self._line(state)
        if line != self._shown:
            self._shown = line
            self.show(line)
        return 30.0

    def _carry_out(self, request: dict[str, Any], answer: Future[dict[str, Any]]) -> None:
        try:
            answer.set_result(self.requests.handle(request))
            self.program.loop.pipeline.labels_changed()
            self.program.loop.hint()
        except RequestRefused as error:
            answer.set_result({"refused": str(error)})
        except (StoreError, sqlite3.Error) as error:  # a new start brings the database and its copy together again
            answer.set_exception(error)
            raise
        except Exception as error:  # noqa: BLE001  # told to whoever asked; a senseless request must not end the service
            answer.set_exception(error)

    def _line(self, state: str) -> str:
        loop = self.program.loop
        if loop.trouble is not None:
            return f"waiting for the disk: {loop.trouble}"
        if loop.problems:
            return f"waiting: {loop.problems[0]}"
        if loop.pipeline.busy is None:
            return f"watching {self.program.config.videos}"
        return f"{state}, {counted(loop.pipeline.pending, 'video')} to go" if loop.pipeline.pending else state

    def _activity(self) -> str:
        job = self.program.loop.pipeline.busy
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
