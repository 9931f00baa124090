"""The file of the spare copy: one line per commit, with a checksum, only ever added to or written anew as a whole.

    8 hex digits (CRC-32 of the rest of the line), a space, JSON
    {"of": id of the database, "schema": n}                     the first line
    [number, [[table, key, row or null], ...]]                  a commit: these rows are now so, or gone (null)

Bytes (paths, folder names) stand in JSON as a list of one string, as `os.fsdecode` makes it.
"""

from __future__ import annotations

import json
import os
import stat
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The row of a table with this key is now so; None: it is gone."""

    table: str
    key: Row
    row: Row | None


@dataclass(frozen=True, slots=True)
class Commit:
    """What one transaction changed, as JSON has it. Numbers grow with every change."""

    number: int
    plain: list[Any]

    @classmethod
    def of(cls, number: int, changes: Iterable[Change]) -> Commit:
        """The commit with these changes."""
        return cls(number, [[one.table, _to_json(one.key), _to_json(one.row)] for one in changes])

    def changes(self) -> list[Change]:
        """The changes. Raise ValueError or TypeError if that is not what they are."""
        return [Change(table, _from_json(key) or (), _from_json(row)) for table, key, row in self.plain]


@dataclass(frozen=True, slots=True)
class Content:
    """What could be read: whose copy it is ("" if that line is damaged), the schema, the commits in order, and how many
    lines were damaged. A last line that was cut off, as a crash does it, is not counted: what it says never counted."""

    of: str = ""
    schema: int = 0
    commits: tuple[Commit, ...] = ()
    damaged: int = 0

    @property
    def number(self) -> int:
        """The number of the last commit, -1 if there is none."""
        return max((commit.number for commit in self.commits), default=-1)

    @property
    def whole_at(self) -> int:
        """The number up to which the first commit says all that there is: the file begins with every row. -1 if that
        cannot be told."""
        return self.commits[0].number if self.commits and not self.damaged else -1


def read(path: Path) -> Content | None:
    """The content of the file; None if there is none, or an empty one. Raise OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123  # a descriptor: opened without following links
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is not a plain file")
        lines = [line for line in file.read().split(b"\n") if line]
    parsed = [_parsed(line) for line in lines]
    if parsed and parsed[-1] is None:
        parsed.pop()
    if not lines:
        return None
    heads = [line for line in parsed if isinstance(line, dict)]
    commits = tuple(line for line in parsed if isinstance(line, Commit))
    damaged = sum(line is None for line in parsed) + (len(parsed) == 0)
    head = heads[0] if heads else {}
    return Content(str(head.get("of", "")), int(head.get("schema", 0)), commits, damaged)


def append(path: Path, commit: Commit, *, sync: bool) -> None:
    """Add a commit to the file, which must be there; with `sync` it is on disk on return. Raise OSError.

    The newline comes first: a line that was cut off before does not spoil this one.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _write(descriptor, b"\n" + _line([commit.number, commit.plain]), sync=sync)
    finally:
        os.close(descriptor)


def write_anew(path: Path, of: str, schema: int, commits: Iterable[Commit], *, sync: bool) -> None:
    """Replace the file, whole or not at all. Raise OSError."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        lines = [_line({"of": of, "schema": schema}), *(_line([commit.number, commit.plain]) for commit in commits)]
        _write(descriptor, b"\n".join(lines), sync=sync)
    finally:
        os.close(descriptor)
    part.rename(path)
    if sync:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write(descriptor: int, text: bytes, *, sync: bool) -> None:
    while text:
        text = text[os.write(descriptor, text) :]
    if sync:
        os.fsync(descriptor)


def _line(value: object) -> bytes:
    text = json.dumps(value, separators=(",", ":")).encode()
    return b"%08x %s" % (zlib.crc32(text), text)


def _to_json(row: Row | None) -> list[object] | None:
    return None if row is None else [[os.fsdecode(value)] if isinstance(value, bytes) else value for value in row]


def _parsed(line: bytes) -> Commit | dict[str, Any] | None:
    """A commit, the first line, or None if the line is damaged."""
    check, _, text = line.partition(b" ")
    try:
        if int(check, 16) != zlib.crc32(text):
            return None
        value = json.loads(text)
        if isinstance(value, dict):
            return value
        number, plain = value
        return Commit(int(number), list(plain))
    except (ValueError, TypeError):
        return None


def _from_json(row: list[Any] | None) -> Row | None:
    return None if row is None else tuple(os.fsencode(value[0]) if isinstance(value, list) else value for value in row)
