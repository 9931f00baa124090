"""Tables of records. A terminal shows a table, a pipe or file gets one record a line, its fields separated by tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sorterd.report.console import print_record

READABLE = 10  # letters: a text column is no narrower


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of printable text under the names of their columns. `numbers` are the columns that are aligned right.

    These are never cut, and neither are `names`. `kind` begins each line in a pipe, where one command prints several
    tables.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | Text]]
    title: str = ""
    numbers: frozenset[str] = frozenset()
    kind: str = ""
    names: frozenset[str] = frozenset()

    def table(self, width: int) -> Table | None:
        """Return the table that a terminal of this width shows, None if its columns would be too narrow to be read."""
        widths = self._widths(width - 3 * len(self.columns) - 1)
        if widths is None:
            return None
        table = Table(title=self.title or None, title_justify="left", header_style="bold")
        for name, wide in zip(self.columns, widths, strict=True):
            table.add_column(name, width=wide, justify="right" if name in self.numbers else "left", overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
        return table

    def _widths(self, room: int) -> list[int] | None:
        """Return the width of each column. What there is more goes to cells first, then to the heads, and in each to
        the one that lacks most."""
        heads, cells, widths = [], [], []
        for name, *column in zip(self.columns, *self.rows, strict=True):
            longest = max((cell_len(str(cell)) for cell in column), default=0)
            heads.append(cell_len(name))
            cells.append(longest)
            word = max(cell_len(word) for word in name.split())
            whole = name in self.numbers or name in self.names
            widths.append(max(word, longest if whole else min(longest, READABLE)))
        more = room - sum(widths)
        if more < 0:
            return None
        for wanted in (cells, heads):
            lacks = [max(0, want - width) for want, width in zip(wanted, widths, strict=True)]
            while more and any(lacks):
                most = lacks.index(max(lacks))
                widths[most], lacks[most], more = widths[most] + 1, lacks[most] - 1, more - 1
        return widths


def print_records(console: Console, records: Records) -> None:
    """Print the records as it suits where they go."""
    if console.is_terminal:
        draw_records(console, records)
        return
    first = [records.kind] if records.kind else []
    for row in records.rows:
        print_record(console, *first, *map(str, row))


def draw_records(console: Console, records: Records) -> None:
    """Draw a table or, where its columns would be too narrow, print one field a line."""
    table = records.table(console.width)
    if table is not None:
        console.print(table)
        return
    if records.title:
        console.print(Text(records.title, style="italic"))
    for row in records.rows:
        for at, (name, cell) in enumerate(zip(records.columns, row, strict=True)):
            if str(cell):
                label = Text(f"{name} " if at == 0 else f"  {name}: ", style="bold" if at == 0 else "")
                console.print(label + (Text(cell) if isinstance(cell, str) else cell), overflow="fold")
