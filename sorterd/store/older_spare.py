"""Read the spare copy of the database, which version 0.1 kept instead of a journal. It is imported once.

    8 hex digits (CRC-32 of the rest of the line), a space, JSON
    {"of": id of the library, "schema": n}                      the first line
    [number, [[table, key, row or null], ...]]                  rows that were set, or deleted (null)

Bytes are written as a list of one string, and rows have no column names. The inbox is not in it, so its content is
returned with schema 0, which never counts as a whole journal.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from pathlib import Path
from typing import Any

from sorterd.store.journal_file import Change, Content, Line, read_lines
from sorterd.store.replay import KEYS, name_today
from sorterd.store.validation import columns_of


def read(path: Path, connection: sqlite3.Connection) -> Content | None:
    """Return the content of the file in the form of a journal, None if there is no such file. Raise OSError."""
    columns = {table: [column.name for column in columns_of(connection, table)] for table in KEYS}
    parsed = [_parsed(line) for line in read_lines(path)]
    if not parsed:
        return None
    *before, last = parsed
    head = next((line for line in parsed if isinstance(line, dict)), {})
    lines = []
    damaged = before.count(None) + (not head)
    for number, changes in (line for line in (*before, last) if isinstance(line, list)):
        try:
            lines.append(
                Line(
                    number,
                    tuple(_change(columns[name_today(table)], name_today(table), *rest) for table, *rest in changes),
                )
            )
        except (ValueError, TypeError, KeyError):
            damaged += 1
    return Content(head.get("of", ""), 0, tuple(lines), damaged)


def _change(columns: list[str], table: str, key: list[Any], row: list[Any] | None) -> Change:
    values = [value[0] if isinstance(value, list) else value for value in (key if row is None else row)]
    return {"table": table, **dict(zip(columns, values, strict=False)), **({"gone": True} if row is None else {})}


def _parsed(line: bytes) -> Any:
    check, _, text = line.partition(b" ")
    try:
        return json.loads(text) if int(check, 16) == zlib.crc32(text) else None
    except ValueError:
        return None
