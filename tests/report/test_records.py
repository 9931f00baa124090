"""Tables: drawn for people, lines for programs."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.text import Text

from sorterd.report.console import print_labelled
from sorterd.report.records import Records, print_records

LONG = "x" * 5000
RECORDS = Records(("folder", "videos"), [("[bold]cats[/]", "3"), (Text(LONG, style="green"), "4")], kind="folder")


def printed(records: Records, *, terminal: bool) -> list[str]:
    out = StringIO()
    print_records(Console(file=out, force_terminal=terminal, width=80, color_system=None), records)
    return out.getvalue().splitlines()


def test_in_a_pipe_each_record_is_one_line_with_tabs_however_long() -> None:
    assert printed(RECORDS, terminal=False) == ["folder\t[bold]cats[/]\t3", f"folder\t{LONG}\t4"]


def test_on_a_terminal_it_is_a_table_with_a_head() -> None:
    lines = printed(RECORDS, terminal=True)
    assert "folder" in lines[1]
    assert any("[bold]cats[/]" in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_nothing_is_no_line() -> None:
    assert printed(Records(("folder",), []), terminal=False) == []


def test_in_a_pipe_a_label_is_a_field() -> None:
    out = StringIO()
    print_labelled(Console(file=out, width=80), "video", f"a\tb\n{LONG}", column=12)
    assert out.getvalue() == f"video\ta\\tb\\n{LONG}\n"
