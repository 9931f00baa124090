"""What had been said of a video before the user filed it by command, so that undo can say it again."""

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
    """The label's source (None in the inbox), the categories that the user had rejected, whether the video was held,
    and the numbers of the moves of it that became corrected."""

    source: Source | None
    rejected: frozenset[str] = frozenset()
    held: bool = False
    corrected: tuple[int, ...] = ()

    @classmethod
    def of(cls, connection: sqlite3.Connection, file: KnownFile) -> Former:
        """Return what is said of a file now, with the moves that `narrowed` will ask about."""
        content = (file.fingerprint,)
        rejected = connection.execute("SELECT category FROM rejections WHERE fingerprint = ?", content)
        held = connection.execute("SELECT 1 FROM holds WHERE fingerprint = ?", content).fetchone() is not None
        standing = connection.execute(f"SELECT id FROM moves WHERE {_STANDING} AND NOT corrected", content)
        return cls(file.source, frozenset(from_blob(name) for (name,) in rejected), held, tuple(n for (n,) in standing))

    def narrowed(self, connection: sqlite3.Connection, fingerprint: str) -> Former:
        """Return the same with only those moves that have become corrected since."""
        found = connection.execute(f"SELECT id FROM moves WHERE {_STANDING} AND corrected", (fingerprint,))
        return replace(self, corrected=tuple(number for (number,) in found if number in self.corrected))

    def restore(
        self, connection: sqlite3.Connection, fingerprint: str, *, left: tuple[str, str], back: str | None, now: float
    ) -> None:
        """Take back what filing a video has taught. `left` is the category that it leaves, as it was called when the
        video was filed and as it is called now; `back` the one that it goes back to, None for the inbox."""
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
    """The value of the column."""
    return json.dumps(
        {
            "source": former.source,
            "rejected": sorted(former.rejected),
            "held": former.held,
            "corrected": list(former.corrected),
        }
    )


def from_text(text: str) -> Former:
    """The value of such a column. Raise StoreDamaged."""
    value = from_json(text)
    return Former(value["source"], frozenset(value["rejected"]), value["held"], tuple(value["corrected"]))


def makes_sense(value: Any) -> bool:
    """Whether a JSON value is what `to_text` writes."""
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
