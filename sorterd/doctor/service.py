"""Check whether the service runs and starts by itself, and what it reported last."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sorterd.config import Config
from sorterd.config.home import home
from sorterd.daemon.live import Live, ask_live
from sorterd.daemon.status import status
from sorterd.doctor.finding import Finding, ok, problem, warning
from sorterd.service.install import installed_for
from sorterd.service.lock import holder
from sorterd.service.manager import State, is_system, show_log, state_of
from sorterd.store.reading import reading
from sorterd.store.store import DATABASE

ANSWER_SECONDS = 5.0
MOST_NAMED = 20  # files with the same trouble


def check_service(config: Config) -> Iterator[Finding]:
    """Yield findings from the service, the service manager and the database."""
    pid = holder(config.state_dir)
    live = None if pid is None else ask_live(config.state_dir, ANSWER_SECONDS)
    unit = installed_for(sys.platform, home(), config.file)
    state = State() if unit is None else state_of(unit)
    yield judge_running(pid, answers=live is not None, unit=unit, state=state)
    document = _status(config, live, pid)
    if document is not None:
        if live is not None:
            yield judge_watcher(document["watcher"], document["blocked"])
        yield from judge_errors(document["errors"])


def judge_running(pid: int | None, *, answers: bool, unit: Path | None, state: State) -> Finding:
    """Return whether the service runs.

    `pid` is the process that holds the lock of the state folder. `unit` is the installed service file for this config,
    `state` what the service manager says of it.
    """
    if pid is not None and answers:
        when, remedy = _starts(unit, state)
        says = f"runs as process {pid} and {when}"
        return warning("service", says, remedy) if remedy else ok("service", says)
    if pid is not None:
        says = f"process {pid} works on this library, but does not answer"
        return warning("service", says, "wait if it is starting or a command such as 'run --once'; else stop it (kill)")
    if unit is None:
        remedy = "type 'sorterd run', or 'sorterd service install' to have it start by itself"
        return warning("service", "does not run", remedy)
    says = f"{unit} is installed, but the service does not run" + (f" ({state.active})" if state.active else "")
    return problem("service", says, f"see why with '{show_log(unit)}', then start it with 'sorterd service install'")


def _starts(unit: Path | None, state: State) -> tuple[str, str]:
    """Return when the service starts by itself, and what to do if it should but does not ("" for nothing)."""
    if unit is None:
        return "does not start by itself ('sorterd service install' has it do that)", ""
    if state.enabled is None:
        return f"is to start by itself by {unit}, of which nothing here can say whether it is in force", ""
    if not state.enabled:
        remedy = f"systemctl enable {unit.name}" if is_system(unit) else "sorterd service install"
        return f"does not start by itself: {unit} is not enabled", f"type '{remedy}'"
    if state.lingers:
        return "starts with the computer", ""
    if unit.suffix == ".plist":
        return "starts when you log in", ""
    return "starts when you log in and ends when you log out ('loginctl enable-linger' keeps it running)", ""


def judge_watcher(watcher: Mapping[str, Any], blocked: str | None) -> Finding:
    """Return whether the running service notices changes, from its own status."""
    if blocked:
        return problem("watching", blocked, "if the videos are really gone, type 'sorterd run --accept-missing' once")
    if not watcher["healthy"]:
        return warning("watching", watcher["reason"], "until then changes are found by looking on a timer")
    return ok("watching", f"watches with {watcher['backend']}")


def judge_errors(errors: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
    """Yield a finding for each reason why files could not be read or moved, which names the files."""
    if not errors:
        yield ok("troubles", "none")
    by_reason: dict[str, list[str]] = {}
    for error in errors:
        by_reason.setdefault(error["reason"], []).append(error["path"])
    for reason, paths in by_reason.items():
        named = ", ".join(filter(None, paths[:MOST_NAMED]))
        more = f" and {len(paths) - MOST_NAMED:,} more" if len(paths) > MOST_NAMED else ""
        says = f"{named}{more}: {reason}" if named else reason
        yield warning("troubles", says, "after mending the cause, type 'sorterd retry'")


def _status(config: Config, live: Live | None, pid: int | None) -> dict[str, Any] | None:
    """Return the status document without changing the database, None if there is no database. Raise StoreError."""
    if not (config.state_dir / DATABASE).exists():
        return None
    with reading(config.state_dir) as store:
        return status(config, store, live, pid, now=time.time())
