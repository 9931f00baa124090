"""What the doctor found, for people."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from sorterd.display import printable
from sorterd.doctor.finding import Finding

_MARKS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "problem": ("PROBLEM", "bold red")}


def print_finding(finding: Finding, console: Console) -> None:
    """One line for what is, and one for what to do about it."""
    mark, style = _MARKS[finding.level]
    line = Text.assemble((f"{mark:<8}", style), f"{printable(finding.check)}: {printable(finding.says)}")
    console.print(line, soft_wrap=True)
    if finding.remedy:
        console.print(Text(f"{'':8}→ {printable(finding.remedy)}"), soft_wrap=True)
