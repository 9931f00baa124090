"""Ask the service manager through the programs that people use too: systemctl, loginctl, launchctl."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ASK_SECONDS = 5.0
ACT_SECONDS = 120.0  # a start waits until the service is ready, at most 90 s
NOT_THERE = 127  # a shell's exit status for a program that it does not find


@dataclass(frozen=True, slots=True)
class Answer:
    """The exit status and the output of a program."""

    code: int
    out: str
    complaint: str = ""

    @property
    def ok(self) -> bool:
        """Return whether it did what it was asked."""
        return self.code == 0


@dataclass(frozen=True, slots=True)
class State:
    """What the manager knows of one service. A field is None if it cannot be asked or does not know.

    `enabled`: the service starts by itself. `active`: systemd's word, such as "active" or "failed". `lingers`: the
    service starts with the computer, and not only when the user logs in.
    """

    enabled: bool | None = None
    active: str | None = None
    lingers: bool | None = None


def ask(command: Sequence[str], seconds: float = ASK_SECONDS, environment: Mapping[str, str] | None = None) -> Answer:
    """Run a program without a terminal, so that it cannot ask for a password. Does not raise if it fails."""
    environment = {**os.environ, **session(os.environ, os.getuid()), "LC_ALL": "C", **(environment or {})}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            env=environment,
            start_new_session=True,
        )
    except (FileNotFoundError, PermissionError):
        return Answer(NOT_THERE, "", f"{command[0]} is not there")
    except subprocess.TimeoutExpired:
        return Answer(1, "", f"{command[0]} did not answer within {seconds:.0f} s")
    return Answer(done.returncode, done.stdout.strip(), _first(done.stderr) or _first(done.stdout))


def _first(text: str) -> str:
    """Return the first line that is not empty, as the end of a sentence."""
    return next((line.strip().removesuffix(".") for line in text.splitlines() if line.strip()), "")


def session(environ: Mapping[str, str], uid: int, runtime: Path = Path("/run/user")) -> dict[str, str]:
    """Return the variables that a shell started by su or sudo lacks to reach the user's own manager, if that runs."""
    folder = runtime / str(uid)
    return {} if environ.get("XDG_RUNTIME_DIR") or not folder.is_dir() else {"XDG_RUNTIME_DIR": str(folder)}


def managed(environ: Mapping[str, str]) -> bool:
    """Return whether a service manager started this process: systemd sets a variable, launchd the label."""
    by_systemd = environ.get("NOTIFY_SOCKET") or environ.get("SYSTEMD_EXEC_PID") == str(os.getpid())
    return bool(by_systemd) or environ.get("XPC_SERVICE_NAME", "").startswith("org.sorterd.")


def why_no_manager(platform: str) -> str:
    """Return why this system starts no services at all, as in most containers, or ""."""
    if platform == "darwin":
        return ""
    answer = ask(["systemctl", "is-system-running"])
    if answer.code == NOT_THERE:
        return "this system has no systemd"
    return "this system was not started by systemd, as in most containers" if answer.out == "offline" else ""


def state_of(service: Path) -> State:
    """Return the state of the service whose file is `service`."""
    if service.suffix == ".plist":
        return _agent_state(service.stem)
    scope = () if is_system(service) else ("--user",)
    answer = ask(["systemctl", *scope, "show", "-p", "UnitFileState,ActiveState", "--", service.name])
    facts = dict(line.split("=", 1) for line in answer.out.splitlines() if "=" in line)
    if not answer.ok or not facts:
        return State(_linked(service), None, lingers(scope))
    # An instance of a template is enabled by a link; systemd calls it enabled all the same.
    return State(facts.get("UnitFileState", "").startswith("enabled"), facts.get("ActiveState"), lingers(scope))


def is_system(service: Path) -> bool:
    """Return whether a unit belongs to the system's manager, and not to a user's own."""
    return service.parent.parent == Path("/etc/systemd")


def show_log(service: Path) -> str:
    """Return the command that shows the last lines of a service's log."""
    if service.suffix == ".plist":
        return "tail ~/Library/Logs/sorterd*.log"
    return f"journalctl {'' if is_system(service) else '--user '}-u {service.name} -n 30"


def restart(service: Path) -> str:
    """Return the command that ends a service and starts it again."""
    if service.suffix == ".plist":
        return f"launchctl kickstart -k gui/{os.getuid()}/{service.stem}"
    return f"systemctl {'' if is_system(service) else '--user '}restart {service.name}"


def lingers(scope: Sequence[str] = ("--user",)) -> bool | None:
    """Return whether services of this user start with the computer and outlive a logout. Those of the system do."""
    if not scope:
        return True
    answer = ask(["loginctl", "show-user", "-p", "Linger", "--value", "--", user_name(os.getuid())])
    if answer.ok:
        return answer.out == "yes"
    return False if "not logged in or lingering" in answer.complaint else None


def user_name(uid: int) -> str:
    """Return the name of a user, or the number if there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _linked(service: Path) -> bool | None:
    """Return whether the links on disk enable it, for when no manager runs."""
    return any(service.parent.glob(f"*.wants/{service.name}"))


def _agent_state(label: str) -> State:
    answer = ask(["launchctl", "print", f"gui/{os.getuid()}/{label}"])
    if answer.code == NOT_THERE:
        return State()
    running = answer.ok and "state = running" in answer.out
    return State(answer.ok, "active" if running else "inactive", False)
