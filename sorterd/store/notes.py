"""Single facts that must survive a restart, such as the models and the root in use."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_origin

from sorterd.store.database import StoreDamaged, from_json

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Property(Generic[T]):
    """One such fact: its key, its type, and a further test of its value. All properties are in `settings.py`."""

    key: str
    type: type[T]
    fits: Callable[[Any], bool] = lambda _: True

    def holds(self, value: Any) -> bool:
        """Return whether this is a valid value."""
        return isinstance(value, get_origin(self.type) or self.type) and self.fits(value)


@dataclass(frozen=True, slots=True)
class Notes:
    """The table `notes`: a JSON value per property."""

    connection: sqlite3.Connection

    def get(self, property: Property[T]) -> T | None:
        """Return the value, or None. Raise StoreDamaged."""
        row = self.connection.execute("SELECT value FROM notes WHERE key = ?", (property.key,)).fetchone()
        if row is None:
            return None
        value: T = from_json(row[0])
        if not property.holds(value):
            raise StoreDamaged(f"the note {property.key!r} in the database is damaged: start sorterd again")
        return value

    def put(self, property: Property[T], value: T) -> None:
        """Set the value."""
        self.connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (property.key, json.dumps(value)))

    def keep(self, property: Property[T], value: T) -> None:
        """Set the value if it is another one. Otherwise nothing is written."""
        if self.get(property) != value:
            self.put(property, value)

    def drop(self, property: Property[Any]) -> None:
        """Forget the value."""
        self.connection.execute("DELETE FROM notes WHERE key = ?", (property.key,))
