"""Start and stop an installed service, now and for good, and say what could not be done."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from sorterd.service.install import Installation
from sorterd.service.manager import ACT_SECONDS, NOT_THERE, Answer, ask, is_system, lingers

_NO_NAMESPACES = ("217", "226")  # EXIT_USER, EXIT_NAMESPACE of systemd.exec(5)
_GONE_SECONDS = 70.0  # ExitTimeOut and a margin


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a start. `enabled`: the service starts by itself. `problem` says what could not be done, or is "".

    `failed`: the manager was asked and failed, rather than being absent. `reduced`: the file was written without what
    this system refuses.
    """

    enabled: bool
    running: bool
    problem: str = ""
    failed: bool = False
    reduced: bool = False


def start(found: Installation) -> Outcome:
    """Enable the service and start it, or start it again if it runs, so that the written file takes effect."""
    return _start_agent(found.path) if found.path.suffix == ".plist" else _start_unit(found)


def stop(path: Path) -> str:
    """Stop and disable the service. Return why that was not possible, or ""."""
    if path.suffix == ".plist":
        answer = ask(["launchctl", "bootout", f"{_domain()}/{path.stem}"], ACT_SECONDS)
        return "" if answer.ok or not _loaded(path.stem) else answer.complaint
    answer = ask([*_systemctl(path), "disable", "--now", "--", path.name], ACT_SECONDS)
    if not answer.ok:
        ask([*_systemctl(path), "disable", "--", path.name], environment={"SYSTEMD_OFFLINE": "1"})
    return "" if answer.ok else _unreachable(answer, path)


def forget(path: Path) -> None:
    """Tell the manager that the file is gone."""
    if path.suffix != ".plist":
        ask([*_systemctl(path), "daemon-reload"])
        ask([*_systemctl(path), "reset-failed", "--", path.name])


def let_linger(user: str) -> Answer:
    """Let this user's services start with the computer and outlive a logout."""
    answer = ask(["loginctl", "--no-ask-password", "enable-linger", "--", user])
    return answer if not answer.ok or lingers() else Answer(1, "", "loginctl says that it is still off")


def _start_unit(found: Installation) -> Outcome:
    systemctl, unit = _systemctl(found.path), found.path.name
    answer = ask([*systemctl, "daemon-reload"])
    if not answer.ok:
        link = ask([*systemctl, "enable", "--", unit], environment={"SYSTEMD_OFFLINE": "1"})
        return Outcome(enabled=link.ok, running=False, problem=_unreachable(answer, found.path))
    enabled = ask([*systemctl, "enable", "--", unit])
    started = _restarted(found.path)
    plain = found.without_namespaces()
    reduced = not started.ok and plain is not None and _exit_status(found.path) in _NO_NAMESPACES
    if reduced and plain is not None:
        plain.path.write_bytes(plain.content)
        ask([*systemctl, "daemon-reload"])
        started = _restarted(found.path)
    problem = next((answer.complaint for answer in (enabled, started) if not answer.ok), "")
    return Outcome(enabled.ok, started.ok, problem, failed=bool(problem), reduced=reduced)


def _restarted(path: Path) -> Answer:
    return ask([*_systemctl(path), "restart", "--", path.name], ACT_SECONDS)


def _exit_status(path: Path) -> str:
    return ask([*_systemctl(path), "show", "-p", "ExecMainStatus", "--value", "--", path.name]).out


def _systemctl(path: Path) -> list[str]:
    return ["systemctl", *([] if is_system(path) else ["--user"]), "--no-ask-password"]


def _unreachable(answer: Answer, path: Path) -> str:
    if answer.code == NOT_THERE:
        return "this system has no systemd"
    if is_system(path):
        return f"systemd cannot be asked: {answer.complaint}"
    return f"no systemd of yours can be asked from here, as after su or sudo, or in a container ({answer.complaint})"


def _start_agent(path: Path) -> Outcome:
    """Load the agent. launchd refuses a label that is loaded, so a loaded one is removed first, which may take long."""
    target = f"{_domain()}/{path.stem}"
    ask(["launchctl", "bootout", target], ACT_SECONDS)
    deadline = time.monotonic() + _GONE_SECONDS
    while _loaded(path.stem) and time.monotonic() < deadline:
        time.sleep(0.5)
    ask(["launchctl", "enable", target])  # or `launchctl disable` would last for ever
    answer = ask(["launchctl", "bootstrap", _domain(), str(path)], ACT_SECONDS)
    if answer.ok:
        answer = ask(["launchctl", "kickstart", "-k", target], ACT_SECONDS)
    # A file in LaunchAgents starts with the next login, whatever happens now.
    return Outcome(enabled=True, running=answer.ok, problem="" if answer.ok else answer.complaint, failed=not answer.ok)


def _loaded(label: str) -> bool:
    return ask(["launchctl", "print", f"{_domain()}/{label}"]).ok


def _domain() -> str:
    return f"gui/{os.getuid()}"
