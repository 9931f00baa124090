"""The page for contributors names files that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_file_and_folder_that_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:sorterd|tests|docs|benchmarks)/[\w./]*)`", (ROOT / "CONTRIBUTING.md").read_text()))
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []
