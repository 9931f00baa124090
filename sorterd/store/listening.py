"""Hearing of each row that changes, whatever changes it: triggers in the temporary schema of one connection call a
function. (Where any change counts, `Store.changes` is enough.)"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowChange:
    """What to listen to: an `event` of a `table` ("AFTER INSERT"), as far as `condition` holds. `values` are the SQL
    expressions that the listener gets."""

    table: str
    event: str
    values: str = ""
    condition: str = "1"


def listen(
    connection: sqlite3.Connection, name: str, listener: Callable[..., object], changes: Iterable[RowChange]
) -> None:
    """Call `listener` at each of the changes, from now on and instead of an earlier listener of this name.

    It is called inside of the statement that changes the row, also where that is rolled back later.
    """

    def call(*values: object) -> None:
        listener(*values)

    connection.create_function(name, -1, call)
    connection.execute("PRAGMA recursive_triggers = ON")  # otherwise REPLACE would not tell what it deletes
    for number, change in enumerate(changes):
        connection.execute(
            f"CREATE TEMP TRIGGER IF NOT EXISTS {name}_{number} {change.event} ON main.{change.table} "
            f"WHEN {change.condition} BEGIN SELECT {name}({change.values}); END"
        )
