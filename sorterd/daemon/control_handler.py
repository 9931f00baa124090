"""What the control socket answers: the state of the running service, and the requests of commands."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass, replace
from typing import Any

from sorterd.daemon.app import App
from sorterd.daemon.embedding import Embedding
from sorterd.daemon.live import Live
from sorterd.daemon.other_machines import OtherMachines
from sorterd.daemon.requests import MOVES, SYNC_FIRST, RequestRefused, Requests, are_texts
from sorterd.daemon.watcher import SupervisedWatcher
from sorterd.service.control import GivenUp
from sorterd.store.database import StoreError
from sorterd.text import counted
from sorterd.worker.job_messages import KINDS

REQUEST_SECONDS = 60.0
NOT_DONE = "the service is busy, and nothing was done: 'sorterd status' says what it does; try again later"
NOT_YET_DONE = "the service has begun this and is still at it: 'sorterd log' says what is done"


@dataclass(slots=True)
class ControlHandler:
    """Answers commands: `status` and `embed` without the loop, requests on the loop's thread."""

    app: App
    watching: SupervisedWatcher
    requests: Requests
    show: Callable[[str], None] = lambda _: None
    """Is called with one line on what the service does, whenever that changes."""
    others: OtherMachines | None = None
    _last: tuple[Live | None, float] = (None, 0.0)
    _shown: str = ""

    def begin(self) -> str:
        """Return the first line for `show`, before the first sync."""
        videos = self.app.config.videos
        here = self.watching.healthy or os.path.isdir(videos)  # Path.is_dir raises where a server has gone  # noqa: PTH112
        self._shown = f"watching {videos}" if here else f"waiting for the disk: {self.watching.reason}"
        return self._shown

    def answer(self, request: dict[str, Any], given_up: GivenUp = lambda: False) -> dict[str, Any]:
        """Answer one request, on the control socket's thread. A refusal is `{"refused": reason}`.

        A request that the loop has not begun in time, or before its command has given up, is never carried out: the
        user may have typed it again since.
        """
        if request.get("do") == "status":
            live, turned_at = self._last
            # By a clock that never jumps: a wrong one must not make a loop that hangs look healthy.
            silent = time.monotonic() - turned_at
            return {"live": None if live is None else replace(live, silent_seconds=silent).to_json()}
        if request.get("do") == "embed":
            load = lambda: self.app.loop.call(self.app.loop.pipeline.load_models)  # noqa: E731
            return Embedding(self.app.worker.questions, load).answer(request)
        answer: Future[dict[str, Any]] = Future()
        self.app.loop.call(lambda: self._carry_out(request, answer, given_up))
        try:
            return answer.result(timeout=REQUEST_SECONDS)
        except NotInTime:
            return {"refused": NOT_DONE if answer.cancel() else NOT_YET_DONE}

    def turn(self) -> float | None:
        """Note the state of things, for `status`."""
        loop = self.app.loop
        rescan = self.app.config.watch.rescan_seconds
        loop.sync.at_least_every(min(rescan, self.watching.sync_every or rescan))
        state = "the folder of videos cannot be looked at" if loop.sync.trouble else self._activity()
        live = Live(
            pid=os.getpid(),
            silent_seconds=0.0,
            watcher_backend=self.watching.backend,
            watcher_healthy=self.watching.healthy and loop.sync.trouble is None,
            watcher_reason=loop.sync.trouble or self.watching.reason,
            worker_state=self.app.worker.state,
            worker_restarts=self.app.worker.restarts,
            activity=state,
            blocked=loop.sync.blocked,
            problems=tuple(loop.pipeline.pauses.reasons),
            growing=len(loop.sync.result.growing),
            unread=loop.sync.result.unread_files,
            rate=loop.pipeline.progress.per_minute,
            blind_spots=loop.sync.result.blind_spots,
            devices=loop.pipeline.card.devices,
            device_troubles=loop.pipeline.card.troubles,
            held=self._held(),
            pool=None if self.others is None else self.others.status(loop.pipeline.progress.per_minute_of),
        )
        self._last = (live, time.monotonic())  # both at once: another thread reads them
        line = self._line(state)
        if line != self._shown:
            self._shown = line
            self.show(line)
        return 30.0

    def _carry_out(self, request: dict[str, Any], answer: Future[dict[str, Any]], given_up: GivenUp) -> None:
        if not answer.set_running_or_notify_cancel():
            return
        try:
            if given_up():
                raise RequestRefused(NOT_DONE)
            if request.get("do") in SYNC_FIRST:
                self.app.loop.synchronize()
            if request.get("do") in MOVES and self.app.loop.sync.blocked is not None:
                raise RequestRefused(self.app.loop.sync.blocked)
            answer.set_result(self.requests.handle(request) | self._unsettled(request))
            self.app.loop.hint()
        except RequestRefused as error:
            answer.set_result({"refused": str(error)})
        except (StoreError, sqlite3.Error) as error:  # a new start brings the database and its copy together again
            answer.set_exception(error)
            raise
        except Exception as error:  # noqa: BLE001  # the caller gets it; an invalid request must not end the service
            answer.set_exception(error)

    def _unsettled(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return, for a "look" at `paths`, those that have just come and will be known in a moment."""
        if request.get("do") != "look" or not are_texts(request.get("paths")):
            return {}
        return {"settling": self.app.loop.sync.result.unsettled(self.requests.store, request["paths"])}

    def _line(self, state: str) -> str:
        loop = self.app.loop
        if loop.sync.trouble is not None:
            return f"waiting for the disk: {loop.sync.trouble}"
        if loop.problems:
            return f"waiting: {loop.problems[0]}"
        if not loop.pipeline.busy:
            held = self._held()
            return f"watching {self.app.config.videos}" + (f"; {held['reason']}" if held else "")
        return f"{state}, {counted(loop.pipeline.pending, 'video')} to go" if loop.pipeline.pending else state

    def _held(self) -> dict[str, Any] | None:
        if (held := self.app.loop.pipeline.held) is None:
            return None
        hold, videos = held
        return {"videos": videos, "reason": hold.of(videos), "until": hold.until}

    def _activity(self) -> str:
        job = self.app.loop.pipeline.busy.shown
        return "waiting for videos" if job is None else KINDS[type(job)].doing
