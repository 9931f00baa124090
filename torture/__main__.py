"""Run all parts, print one table, and exit with 1 if anything is wrong.

python -m torture [--only NAME ...] [--scale X] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table
from support.outcome import Outcome

from torture.options import Options

PARTS = {
    "kills": "kills:with_cheap_models",
    "kills-pool": "kills:with_three_workers",
    "kills-true": "kills:with_true_models",
    "machine": "machine:machine",
    "flood": "flood:flood",
    "soak": "soak:soak",
    "pool": "pool:pool",
    "fuzz": "fuzz:fuzz",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts. Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m torture", description="The long proof that nothing is lost.")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be given several times")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of it; 1 is all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=120.0, help="of each soak, before scaling")
    parser.add_argument("--json", action="store_true", help="also print the outcomes as JSON")
    asked = parser.parse_args(arguments)
    outcomes = []
    for name in asked.only or PARTS:
        print(f"{name} ...", flush=True)
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="torture-", ignore_cleanup_errors=True) as folder:
            options = Options(Path(folder), asked.scale, asked.seed, asked.minutes)
            outcome = _run(name, options)
        outcome.found["seconds"] = round(time.monotonic() - started)
        outcomes.append(outcome)
    _show(outcomes)
    if asked.json:
        print(json.dumps([asdict(outcome) for outcome in outcomes], indent=2))
    return int(any(outcome.wrong for outcome in outcomes))


def _run(name: str, options: Options) -> Outcome:
    module, _, function = PARTS[name].partition(":")
    part: Callable[[Options], Outcome] = getattr(import_module(f"torture.{module}"), function)
    try:
        return part(options)
    except Exception as error:  # noqa: BLE001  # the other parts must still run
        traceback.print_exc()
        return Outcome(name, "it broke off", wrong=[f"{type(error).__name__}: {error}"])


def _show(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        for fault in outcome.wrong:
            print(f"WRONG in {outcome.part}: {fault}")
    table = Table("part", "tried", "times", "outcome", show_lines=True)
    for outcome in outcomes:
        table.add_row(*outcome.row())
    Console(width=160, markup=False).print(table)


if __name__ == "__main__":
    sys.exit(main())
