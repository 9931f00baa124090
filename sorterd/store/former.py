"""What was known of a video before the user filed it by command, so that undo can restore it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from sorterd.changes import KnownFile, Source
from sorterd.store.database import from_blob, from_json, to_blob

_STANDING = "fingerprint = ? AND kind IN ('sort', 'file') AND step = 'done' AND NOT undone"


@dataclass(frozen=True, slots=True)
class Former:
    """What was known of a video before it was filed.

    `source` is the label's (None in the inbox), `rejected` the categories that the user had rejected. `held`: it was
    not to be moved automatically. `corrected` are the numbers of its moves that filing it marked as corrected.
    """

    source: Source | None
    rejected: frozenset[str] = frozenset()
    held: bool = False
    corrected: tuple[int, ...] = ()

    @classmethod
    def of(cls, connection: sqlite3.Connection, file: KnownFile) -> Former:
        """Return what is known of a file before it is filed. `corrected` are all moves that filing may mark."""
        content = (file.fingerprint,)
        rejected = connection.execute("SELECT category FROM rejections WHERE fingerprint = ?", content)
        held = connection.execute("SELECT 1 FROM holds WHERE fingerprint = ?", content).fetchone() is not None
        standing = connection.execute(f"SELECT id FROM moves WHERE {_STANDING} AND NOT corrected", content)
        return cls(file.source, frozenset(from_blob(name) for (name,) in rejected), held, tuple(n for (n,) in standing))

    def narrowed(self, connection: sqlite3.Connection, fingerprint: str) -> Former:
        """Return the same with only those moves that have been marked as corrected since."""
        found = connection.execute(f"SELECT id FROM moves WHERE {_STANDING} AND corrected", (fingerprint,))
        return replace(self, corrected=tuple(number for (number,) in found if number in self.corrected))

    def restore(
        self, connection: sqlite3.Connection, fingerprint: str, *, left: tuple[str, str], back: str | None, now: float
    ) -> None:
        """Undo the effects of filing a video on rejections, holds and moves.

        `left` is the category that the video leaves: its name when the video was filed, and its name now. `back` is the
        category to which it returns, None for the inbox.
        """
        then, today = left
        if back is not None and back not in self.rejected:
            gone = "DELETE FROM rejections WHERE fingerprint = ? AND category = ?"
            connection.execute(gone, (fingerprint, to_blob(back)))
        if then in self.rejected:
            put = "INSERT OR REPLACE INTO rejections VALUES (?, ?, ?)"
            connection.execute(put, (fingerprint, to_blob(today), now))
        if self.held:
            connection.execute("INSERT OR IGNORE INTO holds VALUES (?, ?)", (fingerprint, now))
        connection.executemany("UPDATE moves SET corrected = 0 WHERE id = ?", [(number,) for number in self.corrected])


def to_text(former: Former) -> str:
    """Return the value for the column `former`."""
    return json.dumps(
        {
            "source": former.source,
            "rejected": sorted(former.rejected),
            "held": former.held,
            "corrected": list(former.corrected),
        }
    )


def from_text(text: str) -> Former:
    """Return the Former in a value of that column. Raise StoreDamaged."""
    value = from_json(text)
    return Former(value["source"], frozenset(value["rejected"]), value["held"], tuple(value["corrected"]))


def is_valid(value: Any) -> bool:
    """Return whether a JSON value has the form that `to_text` writes."""
    return (
        isinstance(value, dict)
        and value.keys() == {"source", "rejected", "held", "corrected"}
        and value["source"] in (None, "user", "auto", "confirmed")
        and isinstance(value["rejected"], list)
        and all(isinstance(name, str) for name in value["rejected"])
        and isinstance(value["held"], bool)
        and isinstance(value["corrected"], list)
        and all(type(number) is int for number in value["corrected"])
    )
