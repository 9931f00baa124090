"""The result of one check, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `says` is a few words. `remedy` is one sentence what to do, "" for nothing."""

    check: str
    level: Level
    says: str
    remedy: str = ""


def ok(check: str, says: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(check, "ok", says)


def warning(check: str, says: str, remedy: str) -> Finding:
    """Return a finding that something works, but not as well as it could, or not for long."""
    return Finding(check, "warning", says, remedy)


def problem(check: str, says: str, remedy: str) -> Finding:
    """Return a finding that something does not work."""
    return Finding(check, "problem", says, remedy)


def any_problem(findings: Iterable[Finding]) -> bool:
    """Return whether one of them keeps sorterd from working."""
    return any(finding.level == "problem" for finding in findings)
