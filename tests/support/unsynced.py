"""A database that does not wait for the disk."""

from __future__ import annotations

import sqlite3
from typing import Any

from sorterd.store.database import Connection


class UnsyncedConnection(Connection):
    """What it writes is lost with the power, but not with its process."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Execute a statement, but never ask for syncing."""
        if sql.startswith("PRAGMA journal_mode"):  # the first, which would be synced
            super().execute("PRAGMA synchronous = OFF")
        return super().execute(sql.replace("synchronous = FULL", "synchronous = OFF"), parameters)
