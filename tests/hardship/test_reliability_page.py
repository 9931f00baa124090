"""Every test that the page on reliability names is there."""

import re
from pathlib import Path

HERE = Path(__file__).parents[2]


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"(tests/[\w/]+\.py)::(test_\w+)", (HERE / "docs/reliability.md").read_text())
    assert len(named) >= 25
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (HERE / file).read_text()]
    assert missing == []
