"""Print what the doctor found."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from sorterd.doctor.finding import Finding
from sorterd.report.console import print_record
from sorterd.text import as_called, printable

_MARKS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "problem": ("PROBLEM", "bold red")}


def print_finding(finding: Finding, console: Console, called: str = "sorterd") -> None:
    """Print one line for the finding and one for its remedy. In a pipe, print one record.

    `called` is how sorterd was called.
    """
    mark, style = _MARKS[finding.level]
    says, remedy = (printable(as_called(text, called)) for text in (finding.says, finding.remedy or ""))
    if not console.is_terminal:
        print_record(console, mark, printable(finding.check), says, remedy)
        return
    line = Text.assemble((f"{mark:<8}", style), f"{printable(finding.check)}: {says}")
    console.print(line, soft_wrap=True)
    if remedy:
        console.print(Text(f"{'':8}→ {remedy}"), soft_wrap=True)
