"""Repair times that a wrong clock has written, so that nothing waits for a day that is years away."""

from __future__ import annotations

import sqlite3

LONGEST_WAIT = 24 * 3600.0  # nothing is ever put off for longer
A_RIGHT_CLOCK = 1_735_689_600.0  # 2025-01-01: a clock that shows an earlier time is wrong itself


def forget_the_future(connection: sqlite3.Connection, *, now: float) -> None:
    """Make retries that lie too far ahead due now. Date labels from the future to now, unless this clock is wrong."""
    for table in ("failures", "unreadable"):
        connection.execute(f"UPDATE {table} SET retry_at = ? WHERE retry_at > ?", (now, now + LONGEST_WAIT))
    if now > A_RIGHT_CLOCK:
        connection.execute("UPDATE files SET labelled_at = ? WHERE labelled_at > ?", (now, now + LONGEST_WAIT))
