"""Print what the doctor found."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from sorterd.doctor.finding import Finding
from sorterd.text import as_called, printable

_MARKS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "problem": ("PROBLEM", "bold red")}


def print_finding(finding: Finding, console: Console, called: str = "sorterd") -> None:
    """Print one line for the finding and one for its remedy. `called` is how sorterd was called."""
    mark, style = _MARKS[finding.level]
    says = printable(as_called(finding.says, called))
    line = Text.assemble((f"{mark:<8}", style), f"{printable(finding.check)}: {says}")
    console.print(line, soft_wrap=True)
    if finding.remedy:
        console.print(Text(f"{'':8}→ {printable(as_called(finding.remedy, called))}"), soft_wrap=True)
