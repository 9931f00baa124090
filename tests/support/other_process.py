"""Python code in a process of its own: for what cannot be undone, and for what is measured of a whole process."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

PATIENCE = 240.0  # seconds, on a busy machine
TESTS = Path(__file__).parents[1]


def python(code: str, *arguments: str | Path) -> list[str]:
    """Return the command for this code, which can import modules of the tests."""
    return [sys.executable, "-c", f"import sys; sys.path.append({str(TESTS)!r})\n{code}", *map(str, arguments)]


def printed(code: str, *arguments: str | Path) -> str:
    """Return what this code prints. Raise CalledProcessError if it fails."""
    command = python(code, *arguments)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    except subprocess.CalledProcessError as error:
        error.add_note(error.stderr)
        raise
    return done.stdout


def attempts(acts: Iterable[str]) -> str:
    """Return code that tries each act, and prints the number of the error that it ends in, or the act itself."""
    attempt = "try:\n    {0}\n    print({0!r})\nexcept OSError as error:\n    print(error.errno)\n"
    return "".join(attempt.format(act) for act in acts)
