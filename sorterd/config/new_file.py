"""Write a config for a new library: every setting with its explanation, only the chosen ones in force."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import yaml

from sorterd.config.home import home
from sorterd.config.make_example import explained, setting_lines
from sorterd.config.problems import ConfigError, Problem
from sorterd.config.schema import Config
from sorterd.config.section import Setting, settings

HEADER = """\
# The settings of sorterd. Each line that begins with # shows a default: remove the # to change it.
# `sorterd config edit` opens this file and checks it afterwards; `sorterd config show` tells what is in force.
# A relative path is relative to this file; ~ is your home folder.
"""
_PLAIN = re.compile(r"[~/][\w/.()+-]*( [\w/.()+-]+)*", re.ASCII)  # what YAML takes as it stands


def config_text(videos: Path, state_dir: Path | None = None) -> str:
    """Return the text of a config for a folder of videos. Raise ConfigError if YAML cannot name one of the folders."""
    chosen = {"videos": videos} | ({} if state_dir is None else {"state_dir": state_dir})
    lines = list(setting_lines(Config, commented=True))
    for name, path in chosen.items():
        setting = settings(Config)[name]
        assert isinstance(setting, Setting)
        (number,) = (at for at, line in enumerate(lines) if re.match(rf"#?{name}:", line))
        lines[number] = explained(f"{name}: {_written(name, path)}", setting)
    return "\n".join([HEADER, *lines]) + "\n"


def write_config(file: Path, text: str) -> None:
    """Create a config, whole or not at all. Raise FileExistsError if there is one: it is the user's. Raise OSError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # not the config itself, but a file where its folder would be
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(file)) from error
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        os.link(part, file)
    except PermissionError:  # a disk without links
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    finally:
        part.unlink(missing_ok=True)


def _written(name: str, path: Path) -> str:
    """Return a path as YAML, with ~ for the home folder."""
    own = home()
    inside = own is not None and path != own and path.is_relative_to(own)
    text = f"~/{path.relative_to(own)}" if inside and own is not None else str(path)
    if _PLAIN.fullmatch(text):
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        remedy = "the name of this folder is not valid UTF-8, which a config cannot hold; rename it"
        raise ConfigError(None, (Problem(name, remedy, value=text),)) from None
    written: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=1_000_000)
    return written.strip()
