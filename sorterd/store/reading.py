"""Open the store to read it only: at once, also where it is large, because the whole file is not checked first."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sorterd.store.database import connect, connect_for_reading
from sorterd.store.schema import MIGRATIONS
from sorterd.store.store import DATABASE, Store


def open_to_read(state_dir: Path) -> Store:
    """Return the store in `state_dir`, or an empty one in memory if there is none, so that no file is created.

    A database of another version of the schema is opened like any other: it is migrated, or refused with the remedy.
    Raise StoreError or sqlite3.Error.
    """
    path = state_dir / DATABASE
    if not path.exists():
        return Store.on(connect(Path(":memory:")))
    connection = connect_for_reading(path)
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")  # as in `connect`, without Python code
    if connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS):
        return Store.on(connection)
    connection.close()
    return Store.open(state_dir)
