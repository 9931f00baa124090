"""A separate program that looks at paths on a disk which may never answer.

A process that asks a disk whose server is gone hangs for ever: neither a time-out nor a signal ends the wait.
`places.py` therefore starts this program and goes on without it if no answer comes.

Arguments: "look" and paths; "folders" and a root; or "find", a root, and the possible meanings of a path in it, those
of the next path after an empty argument. Each answer is one line on stdout, written as soon as it is known.
Answers are literals of Python in ASCII: to import json, typing or collections.abc takes longer than all the rest.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def look(paths: list[str]) -> Iterator[dict[str, Any]]:
    """Yield what lies at each path.

    Before the full answer, each path is resolved one component at a time. If the disk hangs, it is known how far the
    path could be followed.
    """
    for number, path in enumerate(paths):
        for real in _resolved_stepwise(path):
            yield {"number": number, "real": real}
        yield {"number": number, "real": os.path.realpath(path), **_facts(path)}


def _resolved_stepwise(path: str) -> Iterator[str]:
    """Yield the path with one component more resolved each time, and the rest as it is."""
    names = [name for name in path.split("/") if name]
    for count in range(1, len(names)):
        yield "/".join([os.path.realpath("/" + "/".join(names[:count])).rstrip("/"), *names[count:]])


def _facts(path: str) -> dict[str, Any]:
    try:
        found = os.stat(path)
        with os.scandir(path) as entries:
            next(entries, None)
        return {
            "error": 0,
            "device": found.st_dev,
            "inode": found.st_ino,
            "writable": os.access(path, os.W_OK | os.X_OK),
            "permitted": os.geteuid() == 0 or (found.st_uid == os.geteuid() and found.st_mode & 0o300 == 0o300),
            "read_only": bool(os.statvfs(path).f_flag & os.ST_RDONLY),
        }
    except OSError as error:
        return {"error": error.errno}


def folders(root: str) -> Iterator[dict[str, Any]]:
    """Yield the name of each folder directly in `root` before it is listed, so that the last name is the one that
    hangs."""
    for name in sorted(os.listdir(root)):
        yield {"folder": name}
        try:
            os.listdir(os.path.join(root, name))
        except OSError:
            continue
    yield {"done": True}


def find(root: str, meant: list[str]) -> Iterator[dict[str, Any]]:
    """Yield of each group of absolute paths the first that exists inside `root`, relative to it and spelt as on the
    disk, with the number of the group. An empty text separates two groups."""
    number, found = 0, False
    for path in meant:
        if not path:
            number, found = number + 1, False
        elif not found and (there := _inside(root, path)) is not None:
            found = True
            yield {"number": number, "path": there}


def _inside(root: str, path: str) -> str | None:
    """Return the path relative to `root` and spelt as on the disk, or None if it is not in `root`."""
    folder, name = os.path.split(path)
    below = [name]
    above = os.path.realpath(folder)
    while not _same(above, root) and above != "/":
        above, name = os.path.split(above)
        below.insert(0, name)
    return _spelling_of_path(root, below) if _same(above, root) else None


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _spelling_of_path(root: str, names: list[str]) -> str | None:
    """Return the relative path of these names as the disk spells it, or None if there is no such file."""
    path = ""
    for name in names:
        spelt = _spelling_of_name(os.path.join(root, path), name)
        if spelt is None:
            return None
        path = os.path.join(path, spelt)
    return path


def _spelling_of_name(folder: str, name: str) -> str | None:
    """Return `name` if it is in `folder`, else the only name that differs in nothing but case or Unicode form."""
    try:
        names = os.listdir(folder)
    except OSError:
        return None
    if name in names:
        return name
    same = [other for other in names if fold(other) == fold(name)]
    return same[0] if len(same) == 1 else None


def fold(text: str) -> str:
    """Return the text as disks that ignore case and Unicode form compare it."""
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def answers(question: str, paths: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the answers to one question."""
    match question:
        case "look":
            return look(paths)
        case "folders":
            return folders(paths[0])
        case _:
            return find(paths[0], paths[1:])


if __name__ == "__main__":
    for answer in answers(sys.argv[1], sys.argv[2:]):
        print(ascii(answer), flush=True)
