"""At most once an hour, tell on the desktop what was filed and what needs the user.

A service may start with the computer, long before there is a desktop. So what could not be shown is told later.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sorterd.backoff import LONGEST_DELAY, delay
from sorterd.log import get_logger
from sorterd.pipeline.pipeline import Pipeline
from sorterd.service import desktop
from sorterd.sorting.inbox_decisions import decide_inbox
from sorterd.store.settings import NOTIFIED
from sorterd.store.store import Store

GAP_SECONDS = 3600.0  # between two notifications, also across restarts
SETTLE_SECONDS = 60.0  # more may follow: videos are saved in bursts
CHILD_SECONDS = 2 * desktop.SEND_SECONDS
LONGEST_SECONDS = CHILD_SECONDS + desktop.CLICK_SECONDS


def notice(filed: int, undecided: int) -> str:
    """Return the text of a notification, "" if there is nothing to tell."""
    parts = [f"{filed:,} filed"] if filed else []
    if undecided:
        parts.append(f"{undecided:,} {'needs' if undecided == 1 else 'need'} you: sorterd review --web")
    return ", ".join(parts)


@dataclass(slots=True)
class HourlyNotice:
    """Counts from the store what has happened since the last notification, and shows it when nothing else is going on.

    `clock` is wall-clock time, `command` makes the command that shows a title and a text. It may stay until the
    notification is clicked, or the next one comes. `has_desktop` returns whether there may be anything to show it on.
    """

    store: Store
    pipeline: Pipeline
    clock: Callable[[], float]
    never_into: Collection[str] = ()
    command: Callable[[str, str], list[str]] = desktop.command
    has_desktop: Callable[[], bool] = lambda: True
    _news_at: float | None = None
    _child: subprocess.Popen[str] | None = None
    _began: float = 0.0
    _told_before: dict[str, Any] | None = None
    _failures: int = 0
    _again_at: float = 0.0
    _reasons: set[str] = field(default_factory=set)

    def turn(self) -> float | None:
        """Show what there is to tell, if it is time. Return in how many seconds to come again, or None."""
        if self._child is not None and (again := self._look_after(self._child)) is not None:
            return again
        now, last = self.clock(), self.store.notes.get(NOTIFIED)
        if last is None:
            self._note(now)
            return None
        if now < self._again_at <= now + LONGEST_DELAY:  # a clock set back does not make it wait longer
            return self._again_at - now
        if self.pipeline.busy or not self.has_desktop() or not (text := self._text(last["at"], last["move"])):
            self._news_at = None
            return None
        self._news_at = now if self._news_at is None else min(self._news_at, now)
        wait: float = max(min(last["at"], now) + GAP_SECONDS, self._news_at + SETTLE_SECONDS) - now
        if wait > 0:
            return wait
        self._told_before = last
        self._note(now)
        self.end()
        return self._show(text, now)

    def end(self) -> None:
        """Give up what is under way."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _text(self, since: float, after: int) -> str:
        filed = sum(not (move.undone or move.corrected) for move in self.store.journal.recent(-1, after=after))
        arrived = self.store.files.arrived_since(since)
        undecided = {
            one.file.fingerprint
            for one in decide_inbox(self.store, self.pipeline.predictor, only=arrived, never_into=self.never_into)
            if one.decision.action == "inbox"
        }
        return notice(filed, len(undecided))

    def _note(self, now: float) -> None:
        move = next((move.number for move in self.store.journal.recent(1)), 0)
        self.store.notes.put(NOTIFIED, {"at": now, "move": move})
        self._news_at = None

    def _show(self, text: str, now: float) -> float | None:
        try:
            self._child = subprocess.Popen(
                self.command("sorterd", text),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
        except OSError as error:
            self._failed(str(error))
        self._began = now
        return 1.0

    def _look_after(self, child: subprocess.Popen[str]) -> float | None:
        if child.poll() is None:
            lasted = self.clock() - self._began
            if 0 <= lasted < CHILD_SECONDS:
                return 1.0
            self._shown()  # it waits for a click
            if lasted < LONGEST_SECONDS:
                return None
            child.kill()
        _, said = child.communicate()
        self._child = None
        if child.returncode in (0, desktop.CLICK_FAILED):
            self._shown()
        if child.returncode != 0:
            self._failed(said.strip().rpartition("\n")[2] or f"ended with {child.returncode}")
        return None

    def _shown(self) -> None:
        self._told_before, self._failures = None, 0

    def _failed(self, reason: str) -> None:
        """Tell later what was not shown. Log each reason once: a computer without a desktop is no fault."""
        if self._told_before is not None:
            self.store.notes.put(NOTIFIED, self._told_before)
            self._again_at = self.clock() + delay(self._failures)
            self._told_before, self._failures = None, self._failures + 1
        if reason not in self._reasons:
            self._reasons.add(reason)
            get_logger().info("a notification did not work", reason=reason)
