"""The file that starts the service for one config: a systemd unit on Linux, a LaunchAgent on macOS."""

from __future__ import annotations

import os
import plistlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from sorterd.service import words
from sorterd.service.unit import command_line, environment_lines, user_unit

LABEL = "org.sorterd.sorterd"
UNIT = "sorterd.service"
_BACKUP = ".before-"
SYSTEM_UNITS = Path("/etc/systemd/system")
# These decide where sorterd finds its state and its models. A shell may have set them; a service manager has not.
CARRIED = ("XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "TORCH_HOME")


@dataclass(frozen=True, slots=True)
class Installation:
    """A service file: its path and its content.

    `start` and `stop` are the commands to type to start and stop the service for good. `plain` is the content for a
    system that refuses namespaces, or None if it is the same.
    """

    path: Path
    content: bytes
    start: tuple[str, ...]
    stop: tuple[str, ...]
    plain: bytes | None = None

    def install(self) -> Path | None:
        """Write the file. Return where another one that was in its place is kept now, or None. Raise OSError.

        The other may have been edited by hand, or written by another version; what it says cannot tell that.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = None
        before = self.path.read_bytes() if self.path.is_file() else b""
        if before and before not in (self.content, self.plain):
            kept = self._backup(before)
        self.path.write_bytes(self.content)
        return kept

    def _backup(self, content: bytes) -> Path:
        """Write a backup beside the file under a free name, which neither systemd nor launchd reads."""
        for number in count(1):
            kept = self.path.with_name(f"{self.path.name}{_BACKUP}{number}")
            if kept.is_file() and kept.read_bytes() == content:
                break
            try:
                with kept.open("xb") as file:
                    file.write(content)
                break
            except FileExistsError:
                continue
        return kept

    def uninstall(self) -> bool:
        """Remove the file. Return False if there is none. Raise OSError."""
        if not self.path.exists():
            return False
        self.path.unlink()
        return True

    def without_namespaces(self) -> Installation | None:
        """Return the same for a system that refuses namespaces, or None if it uses none."""
        return None if self.plain is None else replace(self, content=self.plain, plain=None)


def installation(
    platform: str,
    home: Path,
    python: Path,
    config: Path,
    name: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Installation:
    """Return the service for `config`, run by the interpreter `python`, on `platform` ("linux" or "darwin").

    `name` (letters, digits, - and _) distinguishes the services of several libraries. Each gets its own file for the
    instance `sorterd@name`; systemd prefers it to the template in systemd/, which is for people who write units by
    hand. `environment` is added to that of the service.
    """
    # -P: no module is imported from the current folder, whatever lies there.
    command = [str(python), "-P", "-m", "sorterd", "--config", str(config), "run"]
    if platform == "darwin":
        return _agent_file(home, command, name, environment or {})
    unit = f"sorterd@{name}.service" if name else UNIT
    of = f" for {name}" if name else ""
    line, variables = command_line(command), environment_lines(environment or {})
    full, plain = (user_unit(line, variables, of=of, namespaces=namespaces) for namespaces in (True, False))
    return Installation(
        _folder(platform, home) / unit,
        full.encode(),
        start=("systemctl --user daemon-reload", f"systemctl --user enable --now {unit}"),
        stop=(f"systemctl --user disable --now {unit}", "systemctl --user daemon-reload"),
        plain=plain.encode(),
    )


def carried(environ: Mapping[str, str], states: Path | None) -> dict[str, str]:
    """Return the variables that the service takes over from this shell's environment.

    `states` is the folder of the state folders, or None if the config names its own. It is passed on, because the
    service may have another XDG_STATE_HOME than the shell and would use another state folder.
    """
    state = {} if states is None else {"XDG_STATE_HOME": str(states)}
    return state | {name: environ[name] for name in CARRIED if environ.get(name)}


def installed_for(platform: str, home: Path | None, config: Path | None) -> Path | None:
    """Return the installed service file that names this config, whatever it is called, or None."""
    if home is None or config is None:
        return None
    if platform == "darwin":
        files = sorted(_folder(platform, home).glob(f"{LABEL}*.plist"))
    else:
        folders = (_folder(platform, home), SYSTEM_UNITS)
        files = [file for folder in folders for file in sorted(folder.glob("sorterd*.service"))]
    return next((file for file in files if _names(_readable_configs(file, home), config)), None)


def kept_backups(platform: str, home: Path) -> list[Path]:
    """Return the service files that were kept when others were written in their place."""
    kind = f"{LABEL}*.plist" if platform == "darwin" else "sorterd*.service"
    return sorted(_folder(platform, home).glob(f"{kind}{_BACKUP}*"))


def of_another(path: Path, home: Path, config: Path) -> str | None:
    """Return what the service file at `path` is for, or None if there is none, or if it is for `config`.

    Raise OSError.
    """
    if not path.exists():
        return None
    configs = _configs(path, home)
    if _names(configs, config):
        return None
    return " and ".join(map(str, configs)) or "something else"


def _folder(platform: str, home: Path) -> Path:
    if platform == "darwin":
        return home / "Library" / "LaunchAgents"
    return home / ".config" / "systemd" / "user"


def _names(configs: list[Path], config: Path) -> bool:
    """Return whether one of them is this config, also through a link, as for a config kept with others elsewhere."""
    return os.path.realpath(config) in map(os.path.realpath, configs)


def _readable_configs(file: Path, home: Path) -> list[Path]:
    try:
        return _configs(file, home)
    except OSError:  # another user's file, or a dead link
        return []


def _configs(file: Path, home: Path) -> list[Path]:
    """Return the configs that a service file names after `--config`. Raise OSError."""
    if file.suffix == ".plist":
        try:
            found = [str(word) for word in plistlib.loads(file.read_bytes()).get("ProgramArguments", ())]
        except (plistlib.InvalidFileException, ValueError, AttributeError):  # not a file of ours
            found = []
    else:
        text = os.fsdecode(file.read_bytes()).replace("\\\n", " ")
        lines = (line.strip() for line in text.splitlines())
        commands = [line.partition("=")[2] for line in lines if line.partition("=")[0].rstrip() == "ExecStart"]
        found = [word for command in commands for word in words.read(command, _specifiers(file, home))]
    follow = [after for word, after in pairwise(found) if word == "--config"]
    joined = [word.removeprefix("--config=") for word in found if word.startswith("--config=")]
    return [Path(config) for config in (*follow, *joined)]


def _specifiers(file: Path, home: Path) -> dict[str, str]:
    """Return the values of `%h` and others in this unit. For a unit of the system, `home` should be root's."""
    prefix, _, instance = file.stem.partition("@")
    return {
        "h": str(home),
        "i": instance,
        "I": instance.replace("-", "/"),
        "n": file.name,
        "N": file.stem,
        "p": prefix,
        "E": str(home / ".config"),
        "S": str(home / ".local" / "state"),
    }


def _agent_file(home: Path, command: list[str], name: str | None, environment: Mapping[str, str]) -> Installation:
    label = f"{LABEL}.{name}" if name else LABEL
    path = _folder("darwin", home) / f"{label}.plist"
    log = home / "Library" / "Logs" / (f"sorterd-{name}.log" if name else "sorterd.log")
    target = f"gui/{os.getuid()}"
    return Installation(
        path,
        plistlib.dumps(agent(label, command, log, environment), sort_keys=False),
        start=(f"launchctl bootstrap {target} '{path}'", f"launchctl kickstart -k {target}/{label}"),
        stop=(f"launchctl bootout {target}/{label}",),
    )


def agent(label: str, command: list[str], log: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the property list of a LaunchAgent (launchd.plist(5))."""
    return {
        "Label": label,
        "ProgramArguments": [*command, "--log-file", str(log)],
        **({"EnvironmentVariables": dict(environment)} if environment else {}),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "ExitTimeOut": 60,
        "ProcessType": "Standard",  # Background would keep it on the efficiency cores
        "LowPriorityIO": True,
        "Nice": 10,
        "StandardErrorPath": str(log),
    }
