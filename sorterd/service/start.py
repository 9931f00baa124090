"""Starting and stopping an installed service, now and for good, and saying what could not be done."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from sorterd.service.install import Installation
from sorterd.service.manager import ACT_SECONDS, NOT_THERE, Answer, ask, is_system, lingers

_NO_NAMESPACES = ("217", "226")  # EXIT_USER, EXIT_NAMESPACE of systemd.exec(5)
_GONE_SECONDS = 70.0  # ExitTimeOut and some more


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was reached. `enabled`: it starts by itself; `problem` says why not all of it was, "" if it was.

    `failed`: the manager was asked and could not, rather than not there to be asked. `reduced`: the file was written
    without what this system refuses.
    """

    enabled: bool
    running: bool
    problem: str = ""
    failed: bool = False
    reduced: bool = False


def start(found: Installation) -> Outcome:
    """Have the written file take effect: enable the service and start it, or start it again with what is new."""
    return _start_agent(found.path) if found.path.suffix == ".plist" else _start_unit(found)


def stop(path: Path) -> str:
    """Stop the service and enable it no longer; why that was not possible, "" if it was."""
    if path.suffix == ".plist":
        said = ask(["launchctl", "bootout", f"{_domain()}/{path.stem}"], ACT_SECONDS)
        return "" if said.ok or not _loaded(path.stem) else said.complaint
    said = ask([*_systemctl(path), "disable", "--now", "--", path.name], ACT_SECONDS)
    if not said.ok:
        ask([*_systemctl(path), "disable", "--", path.name], environment={"SYSTEMD_OFFLINE": "1"})
    return "" if said.ok else _unreachable(said, path)


def forget(path: Path) -> None:
    """Have the manager notice that the file is gone."""
    if path.suffix != ".plist":
        ask([*_systemctl(path), "daemon-reload"])
        ask([*_systemctl(path), "reset-failed", "--", path.name])


def let_linger(user: str) -> Answer:
    """Have this user's services start with the computer and outlive a logout."""
    said = ask(["loginctl", "--no-ask-password", "enable-linger", "--", user])
    return said if not said.ok or lingers() else Answer(1, "", "loginctl says that it is still off")


def _start_unit(found: Installation) -> Outcome:
    systemctl, unit = _systemctl(found.path), found.path.name
    said = ask([*systemctl, "daemon-reload"])
    if not said.ok:
        link = ask([*systemctl, "enable", "--", unit], environment={"SYSTEMD_OFFLINE": "1"})
        return Outcome(enabled=link.ok, running=False, problem=_unreachable(said, found.path))
    enabled = ask([*systemctl, "enable", "--", unit])
    started = _restarted(found.path)
    plain = found.without_namespaces()
    reduced = not started.ok and plain is not None and _exit_status(found.path) in _NO_NAMESPACES
    if reduced and plain is not None:
        plain.install()
        ask([*systemctl, "daemon-reload"])
        started = _restarted(found.path)
    problem = next((said.complaint for said in (enabled, started) if not said.ok), "")
    return Outcome(enabled.ok, started.ok, problem, failed=bool(problem), reduced=reduced)


def _restarted(path: Path) -> Answer:
    return ask([*_systemctl(path), "restart", "--", path.name], ACT_SECONDS)


def _exit_status(path: Path) -> str:
    return ask([*_systemctl(path), "show", "-p", "ExecMainStatus", "--value", "--", path.name]).out


def _systemctl(path: Path) -> list[str]:
    return ["systemctl", *([] if is_system(path) else ["--user"]), "--no-ask-password"]


def _unreachable(said: Answer, path: Path) -> str:
    if said.code == NOT_THERE:
        return "this system has no systemd"
    if is_system(path):
        return f"systemd cannot be asked: {said.complaint}"
    return f"no systemd of yours can be asked from here, as after su or sudo, or in a container ({said.complaint})"


def _start_agent(path: Path) -> Outcome:
    """launchd refuses a label that is loaded, so what is loaded goes first; and that takes as long as it takes."""
    target = f"{_domain()}/{path.stem}"
    ask(["launchctl", "bootout", target], ACT_SECONDS)
    deadline = time.monotonic() + _GONE_SECONDS
    while _loaded(path.stem) and time.monotonic() < deadline:
        time.sleep(0.5)
    ask(["launchctl", "enable", target])  # or `launchctl disable` would last for ever
    said = ask(["launchctl", "bootstrap", _domain(), str(path)], ACT_SECONDS)
    if said.ok:
        said = ask(["launchctl", "kickstart", "-k", target], ACT_SECONDS)
    # A file in LaunchAgents starts with the next login, whatever becomes of it now.
    return Outcome(enabled=True, running=said.ok, problem="" if said.ok else said.complaint, failed=not said.ok)


def _loaded(label: str) -> bool:
    return ask(["launchctl", "print", f"{_domain()}/{label}"]).ok


def _domain() -> str:
    return f"gui/{os.getuid()}"
