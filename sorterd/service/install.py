"""Starting with the computer: a systemd user unit on Linux, a LaunchAgent on macOS, for one config file.

Only files are written and removed here; what has to be typed after that is given back, so that nobody's session is
changed behind their back.
"""

from __future__ import annotations

import os
import plistlib
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

LABEL = "org.sorterd.sorterd"
UNIT = "sorterd.service"
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')
_ESCAPE = re.compile(r"\\(.)")


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


def installation(platform: str, home: Path, python: Path, config: Path, name: str | None = None) -> Installation:
    """The service for `config`, run by the interpreter `python`, on `platform` ("linux" or "darwin").

    `name` (letters, digits, - and _) tells the services of several libraries apart: a file of its own for the instance
    `sorterd@name`, which systemd prefers to the template that systemd/ has for those who write units by hand.
    """
    unit, label = (f"sorterd@{name}.service", f"{LABEL}.{name}") if name else (UNIT, LABEL)
    # -P: no module is imported from the current folder, whatever lies there.
    command = [str(python), "-P", "-m", "sorterd", "--config", str(config), "run"]
    if platform == "darwin":
        path = _folder(platform, home) / f"{label}.plist"
        log = home / "Library" / "Logs" / (f"sorterd-{name}.log" if name else "sorterd.log")
        return Installation(
            path,
            plistlib.dumps(_agent(label, command, log), sort_keys=False),
            start=(f"launchctl bootstrap gui/$(id -u) '{path}'",),
            stop=(f"launchctl bootout gui/$(id -u)/{label}",),
        )
    return Installation(
        _folder(platform, home) / unit,
        _unit(command).encode(errors="surrogateescape"),
        start=("systemctl --user daemon-reload", f"systemctl --user enable --now {unit}"),
        stop=(f"systemctl --user disable --now {unit}", "systemctl --user daemon-reload"),
    )


def installed_for(platform: str, home: Path, config: Path) -> Path | None:
    """The installed service file that names this config, however it was called; None if there is none."""
    folder = _folder(platform, home)
    files = folder.glob(f"{LABEL}*.plist") if platform == "darwin" else folder.glob("sorterd*.service")
    return next((file for file in sorted(files) if config in _configs(file, home)), None)


def of_another(path: Path, home: Path, config: Path) -> str | None:
    """What the service file at `path` is for, if there is one and it is not for `config`. Raise OSError."""
    if not path.exists():
        return None
    try:
        configs = _configs(path, home)
    except plistlib.InvalidFileException:
        configs = []
    if config in configs:
        return None
    return " and ".join(map(str, configs)) or "something else"


def _folder(platform: str, home: Path) -> Path:
    if platform == "darwin":
        return home / "Library" / "LaunchAgents"
    return home / ".config" / "systemd" / "user"


def _configs(file: Path, home: Path) -> list[Path]:
    """The configs that a service file names: what follows `--config`."""
    if file.suffix == ".plist":
        words = [str(word) for word in plistlib.loads(file.read_bytes()).get("ProgramArguments", ())]
    else:
        text = os.fsdecode(file.read_bytes())
        commands = [line.removeprefix("ExecStart=") for line in text.splitlines() if line.startswith("ExecStart=")]
        words = [_unquoted(word) for command in commands for word in _WORD.findall(command)]
        words = [word.replace("%h", str(home)).replace("%i", _instance(file)).replace("%%", "%") for word in words]
    return [Path(after) for word, after in pairwise(words) if word == "--config"]


def _instance(file: Path) -> str:
    return file.stem.partition("@")[2]


def _unquoted(word: str) -> str:
    """One word of a unit's command line without its quotes and escapes, the reverse of `_quoted` but for `%`."""
    if not word.startswith('"'):
        return word
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], word[1:-1]).replace("$$", "$")


def _unit(command: list[str]) -> str:
    words = " ".join(_quoted(word) for word in command)
    return f"""\
# Written by 'sorterd service install'.
[Unit]
Description=sorterd, files saved videos into the folders you already have
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={words}
Restart=on-failure
RestartSec=30
WatchdogSec=180
TimeoutStopSec=60
OOMPolicy=continue
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


def _agent(label: str, command: list[str], log: Path) -> dict[str, Any]:
    return {
        "Label": label,
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
