"""The fault matrix: run and count the tests that make disks, system calls and processes fail."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from support.outcome import Outcome

from torture.options import Options

ROOT = Path(__file__).parents[1]
TESTS = (
    "tests/library/test_move.py", "tests/library/test_move_failures.py", "tests/library/test_move_faults.py",
    "tests/library/test_recover.py", "tests/library/test_rename.py", "tests/library/test_races.py",
    "tests/library/test_watch.py", "tests/sorting/test_mover.py", "tests/sorting/test_undo.py",
    "tests/sorting/test_cut_short.py", "tests/sorting/test_long_moves.py", "tests/sync/test_mounts.py",
    "tests/sync/test_guard.py", "tests/daemon/test_watcher.py", "tests/store/test_database.py",
    "tests/store/test_repair.py", "tests/store/test_journal_damage.py", "tests/store/test_journaling.py",
    "tests/worker/host/test_supervisor.py",
)  # fmt: skip


def faults(options: Options) -> Outcome:
    """Run the tests. Each is one cell of the matrix."""
    outcome = Outcome("faults", "full disk, EXDEV, EBUSY, EACCES, EIO, lost folders, kills at each step of a move")
    report = options.folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={report}", *TESTS]
    with tempfile.TemporaryFile("w+") as output:
        run = subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False)
        output.seek(0)
        tail = output.read()[-3000:]
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))  # trusted: pytest has just written it
    skipped = [case for case in cases if case.find("skipped") is not None]
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    outcome.times = len(cases) - len(skipped)
    outcome.found |= {"not possible here": len(skipped), "failed": len(failed)}
    outcome.wrong += [f"{case.get('classname')}.{case.get('name')}" for case in failed]
    if run.returncode and not failed:
        outcome.wrong.append(tail)
    return outcome
