"""`doctor`: find out why something does not work. It changes nothing, with or without a running service."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from sorterd.commands.called import call
from sorterd.commands.context import asking, print_json
from sorterd.commands.failure import FAILED, MISUSED
from sorterd.config import ConfigError
from sorterd.doctor.finding import Finding, any_problem, ok, problem
from sorterd.doctor.software import check_software


def doctor(options: argparse.Namespace) -> int:
    """Print each finding. Return 1 if there is a problem, 2 if the config has one, else 0."""
    findings: list[Finding] = []
    misused = False

    def examine() -> Iterator[Finding]:
        nonlocal misused
        yield from check_software()
        try:
            config, _ = asking(options)
        except ConfigError as error:
            misused = True
            name = str(error.source) if error.source else "config"
            for one in error.problems:
                yield problem("config", f"{name}: {one}", "correct that, then type 'sorterd doctor' again")
            return
        yield ok("config", f"{config.file or 'default settings'} is valid")
        from sorterd.doctor.examination import examine as examine_library

        yield from examine_library(config)

    if options.json:
        findings = list(examine())
        print_json({"ok": not any_problem(findings), "findings": [asdict(finding) for finding in findings]})
    else:
        findings = _shown(examine(), call(options))
    return MISUSED if misused else FAILED if any_problem(findings) else 0


def _shown(findings: Iterator[Finding], called: str) -> list[Finding]:
    """Print each finding as soon as it is known, because some take seconds. Return all of them."""
    from sorterd.report.console import console_for, print_note
    from sorterd.report.findings import print_finding

    console = console_for()
    shown = []
    with console.status("Looking; the worker's trial may take half a minute"):
        for finding in findings:
            print_finding(finding, console, called)
            shown.append(finding)
    counts = {level: sum(one.level == level for one in shown) for level in ("problem", "warning")}
    summary = ", ".join(f"{count} {level}{'s' * (count > 1)}" for level, count in counts.items() if count)
    print_note(console, f"{summary}." if summary else "All is well.")
    return shown
