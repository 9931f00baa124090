"""Starting with the computer: a systemd user unit on Linux, a LaunchAgent on macOS, for one config file.

Only files are written and removed here; what has to be typed after that is given back, so that nobody's session is
changed behind their back.
"""

from __future__ import annotations

import plistlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LABEL = "org.sorterd.sorterd"
UNIT = "sorterd.service"


@dataclass(frozen=True, slots=True)
class Installation:
    """A service file: where it belongs, what is in it, and what to type to start and to stop the service for good."""

    path: Path
    content: bytes
    start: tuple[str, ...]
    stop: tuple[str, ...]

    def install(self) -> None:
        """Write the file. Raise OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(self.content)

    def uninstall(self) -> bool:
        """Remove the file; False if there is none. Raise OSError."""
        if not self.path.exists():
            return False
        self.path.unlink()
        return True


def installation(platform: str, home: Path, python: Path, config: Path) -> Installation:
    """The service for `config`, run by the interpreter `python`, on `platform` ("linux" or "darwin")."""
    # -P: no module is imported from the current folder, whatever lies there.
    command = [str(python), "-P", "-m", "sorterd", "--config", str(config), "run"]
    if platform == "darwin":
        path = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        return Installation(
            path,
            plistlib.dumps(_agent(command, home / "Library" / "Logs" / "sorterd.log"), sort_keys=False),
            start=(f"launchctl bootstrap gui/$(id -u) '{path}'",),
            stop=(f"launchctl bootout gui/$(id -u)/{LABEL}",),
        )
    return Installation(
        home / ".config" / "systemd" / "user" / UNIT,
        _unit(command).encode(errors="surrogateescape"),
        start=("systemctl --user daemon-reload", f"systemctl --user enable --now {UNIT}"),
        stop=(f"systemctl --user disable --now {UNIT}", "systemctl --user daemon-reload"),
    )


def _unit(command: list[str]) -> str:
    words = " ".join(_quoted(word) for word in command)
    return f"""\
# Written by 'sorterd service install'.
[Unit]
Description=sorterd, files saved videos into the folders you already have
StartLimitIntervalSec=600
StartLimitBurst=5

[Service]
Type=notify
ExecStart={words}
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2
WatchdogSec=180
TimeoutStopSec=60
Nice=10
IOSchedulingClass=idle
CPUSchedulingPolicy=batch
NoNewPrivileges=yes
LockPersonality=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
SystemCallArchitectures=native
UMask=0077

[Install]
WantedBy=default.target
"""


def _quoted(word: str) -> str:
    """One word of a command line as systemd.syntax(7) and systemd.service(5) read it: `%` and `$` stand for themselves
    when doubled."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$").replace("\n", "\\n")
    return f'"{escaped}"'


def _agent(command: list[str], log: Path) -> dict[str, Any]:
    return {
        "Label": LABEL,
        "ProgramArguments": command,
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "ExitTimeOut": 60,
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Nice": 10,
        "StandardErrorPath": str(log),
    }
