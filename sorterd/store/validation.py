"""Check each value of the database: a flipped bit in a value is no fault to SQLite.

The types are those that the schema declares. SQLite itself tests its CHECKs.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any

from sorterd.store import former
from sorterd.store.settings import PROPERTIES

Row = Mapping[str, Any]

_TYPES = {"TEXT": str, "BLOB": bytes, "INTEGER": int, "REAL": float | int}
_FINGERPRINT = re.compile("([0-9a-f]{32})?")  # "": a file that has not been read yet
_STRAY = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, with its declared type."""

    name: str
    type: str
    optional: bool  # a row may lack it

    def holds(self, value: Any) -> bool:
        """Return whether the value has this type. Text must be valid UTF-8."""
        if value is None:
            return self.optional
        stray = isinstance(value, str) and _STRAY.search(value)
        return isinstance(value, _TYPES.get(self.type, object)) and not stray


def columns_of(connection: sqlite3.Connection, table: str) -> list[Column]:
    """Return the columns of one of our tables, in order."""
    found = connection.execute(f"PRAGMA main.table_info({table})")
    return [
        Column(name, kind, default is not None or not (needed or key)) for _, name, kind, needed, default, key in found
    ]


def valid(table: str, columns: list[Column], row: Row) -> bool:
    """Return whether a row is valid in a table with these columns."""
    typed = all(column.holds(row.get(column.name)) for column in columns)
    return (
        typed
        and all(fits(row[name]) for name, fits in _VALUES.items() if name in row)
        and (table not in _ROWS or _ROWS[table](row))
    )


def features_sum(*extracted: str | bytes) -> int:
    """Return a checksum of the columns of extracted features. A flipped bit in a vector would go unnoticed without."""
    parts = (part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in extracted)
    return zlib.crc32(b"\0".join(parts))


def _file(row: Row) -> bool:
    path, category = row["path"], row.get("category")
    top, slash, _ = path.partition(b"/")
    return path.strip(b"/") != b"" and b"\0" not in path and category == (top if slash else None)


def _features(row: Row) -> bool:
    extracted = (row[name] for name in ("fingerprint", "space", "vector", "transcript", "language", "audio"))
    return row.get("sum") in (None, features_sum(*extracted))


def _note(row: Row) -> bool:
    key, value = row["key"], _json(row["value"])
    return value is not None and (key not in PROPERTIES or PROPERTIES[key].holds(value))


def _pairs(value: Any, second: type | UnionType) -> bool:
    """Return whether this is a list of [text, `second`] pairs."""
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], second)
        for pair in value
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


_VALUES: Mapping[str, Callable[[Any], bool]] = {
    "fingerprint": lambda value: _FINGERPRINT.fullmatch(value) is not None,
    "sidecars": lambda value: _pairs(_json(value), str),
    "former": lambda value: value is None or former.is_valid(_json(value)),
    "top": lambda value: _pairs(_json(value), float | int),
}
_ROWS: Mapping[str, Callable[[Row], bool]] = {"files": _file, "features": _features, "notes": _note}
