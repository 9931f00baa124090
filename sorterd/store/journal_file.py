"""Read and write the journal file: one line of JSON per transaction, appended, or replaced as a whole.

    {"journal": "id of the library", "schema": 6, "crc": "1f0e..."}         the first line
    {"number": 7, "changes": [{"table": "moves", "id": 3, "source": "a.mp4", ...}], "crc": "..."}   a row was set
    {"number": 8, "changes": [{"table": "holds", "fingerprint": "9a...", "gone": true}], "crc": "..."}  or deleted

Each byte of a name that is not UTF-8 is written as `\\udcXX`. `crc` is the CRC-32 of the line up to there.
"""

from __future__ import annotations

import json
import os
import stat
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

JOURNAL = "journal.jsonl"
SPARE = "sorterd.spare"  # what version 0.1 kept instead, see older_spare.py
_CRC = b', "crc": "'

Change = Mapping[str, Any]
"""The new state of one row: its table and columns, or its table, key and "gone" if it was deleted."""


@dataclass(frozen=True, slots=True)
class Line:
    """The changes of one transaction. Line numbers increase."""

    number: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """The readable part of a journal.

    `of` is the id of its library ("" if the first line is damaged), `damaged` the number of damaged lines. A last line
    that a crash cut off is not counted as damaged, because its transaction never happened.
    """

    of: str = ""
    schema: int = 0
    lines: tuple[Line, ...] = ()
    damaged: int = 0

    @property
    def number(self) -> int:
        """The highest line number, -1 if there is no line."""
        return max((line.number for line in self.lines), default=-1)


def read(path: Path) -> Content | None:
    """Return the content of the file, None if it is missing or empty. Raise OSError."""
    found = read_lines(path)
    parsed = [_parsed(line) for line in found]
    if parsed and parsed[-1] is None:
        parsed.pop()
    if not found:
        return None
    head = next((line for line in parsed if isinstance(line, dict)), {})
    lines = tuple(line for line in parsed if isinstance(line, Line))
    damaged = sum(line is None for line in parsed) + (not head)
    return Content(head.get("journal", ""), head.get("schema", 0), lines, damaged)


def read_lines(path: Path) -> list[bytes]:
    """Return the lines of a regular file that are not empty. Return [] if the file is missing. Raise OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    with open(descriptor, "rb") as file:  # noqa: PTH123  # a descriptor: opened without following links
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is not a plain file")
        return [line for line in file.read().split(b"\n") if line]


def append(path: Path, line: Line, *, sync: bool) -> None:
    """Append a line to the file, which must exist. With `sync`, force it to disk. Raise OSError.

    The newline comes first, so that an earlier line that was cut off does not damage this one.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    before = os.fstat(descriptor).st_size
    try:
        _write(descriptor, b"\n" + _text({"number": line.number, "changes": line.changes}), sync=sync)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, before)  # the transaction is rolled back, so no part of its line may stay
        raise
    finally:
        os.close(descriptor)


def replace(path: Path, of: str, schema: int, number: int, changes: Iterable[Change], *, sync: bool) -> None:
    """Replace the file atomically by one that has a line for each of these changes. Raise OSError."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        lines = [_text({"journal": of, "schema": schema})]
        lines += [_text({"number": number, "changes": [change]}) for change in changes]
        # The last number must be in the file even if there are no rows.
        lines += [_text({"number": number, "changes": []})] if len(lines) == 1 else []
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


def _text(value: Mapping[str, Any]) -> bytes:
    # Lone surrogates stand for bytes that are not UTF-8. "backslashreplace" writes them as JSON escapes.
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")[:-1]
    return b'%s%s%08x"}' % (text, _CRC, zlib.crc32(text))


def _parsed(line: bytes) -> Line | dict[str, Any] | None:
    """Return a line of changes as a Line, the first line as a dict, a damaged line as None."""
    text, _, crc = line.rpartition(_CRC)
    try:
        if int(crc[:8], 16) != zlib.crc32(text) or crc[8:] != b'"}':
            return None
        value: dict[str, Any] = json.loads(text + b"}")
        return value if "journal" in value else Line(int(value["number"]), tuple(value["changes"]))
    except (ValueError, TypeError, KeyError):
        return None
