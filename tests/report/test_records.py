"""Tables: drawn for people, lines for programs."""

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from sorterd.report.console import print_labelled
from sorterd.report.records import Records, print_records

LONG = "x" * 5000
RECORDS = Records(("folder", "videos"), [("[bold]cats[/]", "3"), (Text(LONG, style="green"), "4")], kind="folder")


def printed(records: Records, *, terminal: bool, width: int = 80) -> list[str]:
    out = StringIO()
    print_records(Console(file=out, force_terminal=terminal, width=width, color_system=None), records)
    return out.getvalue().splitlines()


def test_in_a_pipe_each_record_is_one_line_with_tabs_however_long() -> None:
    assert printed(RECORDS, terminal=False) == ["folder\t[bold]cats[/]\t3", f"folder\t{LONG}\t4"]


def test_on_a_terminal_it_is_a_table_with_a_head() -> None:
    lines = printed(RECORDS, terminal=True)
    assert "folder" in lines[1]
    assert any("[bold]cats[/]" in line for line in lines)
    assert max(map(len, lines)) <= 80


WIDE = Records(
    ("folder", "videos", "of those put here, right"), [("city nights 日本", "12,345", "100%"), ("cats", "7", "")],
    title="Folders", numbers=frozenset({"videos", "of those put here, right"}),
)  # fmt: skip


@pytest.mark.parametrize("width", range(20, 81, 6))
def test_a_narrow_terminal_cuts_no_number_and_no_short_name(width: int) -> None:
    lines = printed(WIDE, terminal=True, width=width)
    assert max(map(cell_len, lines)) <= width
    for whole in ("12,345", "100%", "cats", "city", "nights"):
        assert any(whole in line for line in lines), whole


def test_what_is_too_wide_for_a_table_is_one_field_a_line() -> None:
    assert printed(WIDE, terminal=True, width=30) == [
        "Folders",
        "folder city nights 日本",
        "  videos: 12,345",
        "  of those put here, right: ",
        "100%",
        "folder cats",
        "  videos: 7",
    ]


def test_nothing_is_no_line() -> None:
    assert printed(Records(("folder",), []), terminal=False) == []


def test_in_a_pipe_a_label_is_a_field() -> None:
    out = StringIO()
    print_labelled(Console(file=out, width=80), "video", f"a\tb\n{LONG}", column=12)
    assert out.getvalue() == f"video\ta\\tb\\n{LONG}\n"
