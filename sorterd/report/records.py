"""Tables of records: drawn on a terminal; in a pipe or file one record a line, its fields separated by tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sorterd.report.console import print_record


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of printable text under the names of their columns. `numbers` are the columns that are aligned right.

    `kind` begins each line in a pipe, where one command prints several tables.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | Text]]
    title: str = ""
    numbers: frozenset[str] = frozenset()
    kind: str = ""

    def table(self) -> Table:
        """Return the table that a terminal shows."""
        table = Table(title=self.title or None, title_justify="left", header_style="bold")
        for name in self.columns:
            right = name in self.numbers
            table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=right)
        for row in self.rows:
            table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
        return table


def print_records(console: Console, records: Records) -> None:
    """Print the records as it suits where they go."""
    if console.is_terminal:
        console.print(records.table())
        return
    first = [records.kind] if records.kind else []
    for row in records.rows:
        print_record(console, *first, *map(str, row))
