"""Ask what lies at a path on a disk that may never answer.

A dead NFS server, or a hanging file system in user space, holds a process that asks it for ever, and that process
cannot even be killed. So another process asks (`ask_disk.py`). It is left behind if it does not come back.
"""

from __future__ import annotations

import errno
import os
import selectors
import subprocess
import sys
import time
from ast import literal_eval
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sorterd.library import ask_disk

SECONDS = 5.0  # a healthy disk answers in milliseconds; one that must spin up first is asked again


@dataclass(frozen=True, slots=True)
class Place:
    """A path and what lies there.

    - `real`: where the path leads.
    - `error`: the errno of looking into it, 0 for none.
    - `silent`: no answer came in time.
    - `device`, `inode`: the identity of the folder.
    - `writable`: whether this user may move files in it.
    - `permitted`: whether its permissions allow that.
    - `read_only`: whether its file system forbids it to everybody.
    """

    path: Path
    real: Path
    error: int = 0
    silent: bool = False
    device: int = 0
    inode: int = 0
    writable: bool = False
    permitted: bool = False
    read_only: bool = False

    @property
    def gone(self) -> bool:
        """Return whether it is mounted but its disk or server is gone."""
        return self.error in (errno.ENOTCONN, errno.ESTALE, errno.EIO, errno.EHOSTDOWN, errno.ENODEV, errno.ENXIO)

    @property
    def trouble(self) -> str | None:
        """Return why this folder cannot be looked into, without its name, or None."""
        if self.silent:
            return "does not answer; is its disk or server reachable?"
        if self.error == errno.ENOENT:
            return "is not there; is the disk that holds it mounted?"
        if self.error == errno.ENOTDIR:
            return "is a file, not a folder"
        if self.gone:
            return f"cannot be reached ({os.strerror(self.error)}); its disk or server is gone: mount it again"
        return f"cannot be read ({os.strerror(self.error)})" if self.error else None


def look_at(*paths: Path, seconds: float | None = None) -> list[Place]:
    """Return what lies at each of the absolute paths. After one that does not answer, all later ones are silent too."""
    found = {number: Place(path, path, silent=True) for number, path in enumerate(paths)}
    for answer in _answers("look", paths, seconds):
        number, path = answer["number"], paths[answer["number"]]
        facts = {key: answer[key] for key in answer.keys() - {"number", "real"}}
        found[number] = Place(path, Path(answer["real"]), silent="error" not in facts, **facts)
    return list(found.values())


def find_each(root: Path, groups: Sequence[Sequence[Path]], seconds: float | None = None) -> list[str | None]:
    """Return of each group of absolute paths the first that exists in `root`, relative to it and spelt as on the disk.

    A name that does not exist stands for the only name that differs from it in nothing but case or Unicode form. None
    stands for a group of which there is none, or for which no answer comes in time.
    """
    arguments: list[Path | str] = [root]
    for number, group in enumerate(groups):
        arguments += ["", *group] if number else group
    answers = {answer["number"]: str(answer["path"]) for answer in _answers("find", arguments, seconds)}
    return [answers.get(number) for number in range(len(groups))]


def silent_folder(root: Path, seconds: float | None = None) -> str | None:
    """Return the name of a folder in `root` that does not answer, or None if all do."""
    answers = _answers("folders", (root,), seconds)
    return None if not answers or "done" in answers[-1] else str(answers[-1]["folder"])


def _answers(question: str, paths: Sequence[Path | str], seconds: float | None) -> list[dict[str, Any]]:
    """Return the answers that came in time."""
    arguments = [os.fspath(path) for path in paths]
    try:
        return answers_of(ask_disk.__file__, [question, *arguments], SECONDS if seconds is None else seconds)
    except OSError:  # no process can be started: a slow answer is better than none
        return list(ask_disk.answers(question, arguments))


def answers_of(program: str, arguments: Sequence[str], seconds: float) -> list[dict[str, Any]]:
    """Return what a Python program with only the standard library prints in that time: one literal in each line.

    It is left behind if it hangs. Raise OSError if it cannot be started.
    """
    asker = subprocess.Popen(
        [sys.executable, "-I", "-S", program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    assert asker.stdout is not None
    with asker.stdout:
        output = _read(asker.stdout.fileno(), seconds)
    asker.kill()  # has no effect on a hanging process, which ends when its disk answers or goes
    with suppress(subprocess.TimeoutExpired):
        asker.wait(timeout=0.05)
    return [literal_eval(line.decode()) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]


def _read(pipe: int, seconds: float) -> bytes:
    """Return everything written to the pipe until it closes or the time is up."""
    output, until = b"", time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0 and selector.select(left):
            more = os.read(pipe, 65536)
            if not more:
                break
            output += more
    return output
