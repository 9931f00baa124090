"""The long proof that nothing is lost, run by `make torture`. See docs/reliability.md.

It shares `tests/support` with the tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
