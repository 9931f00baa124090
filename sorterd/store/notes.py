"""Single facts that must survive a restart: which models were settled on, which model is in use, which root this is."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from sorterd.store.database import from_json


@dataclass(frozen=True, slots=True)
class Notes:
    """The table `notes`: a JSON value per key."""

    connection: sqlite3.Connection

    def get(self, key: str) -> Any:
        """The value, or None."""
        row = self.connection.execute("SELECT value FROM notes WHERE key = ?", (key,)).fetchone()
        return None if row is None else from_json(row[0])

    def put(self, key: str, value: Any) -> None:
        """Set the value."""
        self.connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (key, json.dumps(value)))

    def drop(self, key: str) -> None:
        """Forget the value."""
        self.connection.execute("DELETE FROM notes WHERE key = ?", (key,))
