"""Rules for names that no linter knows. CONTRIBUTING.md gives their reasons."""

import re
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "sorterd"
MODULES = sorted(PACKAGE.rglob("*.py"))
CLASS = re.compile(r"^class (\w+)", re.MULTILINE)


def test_a_class_name_is_given_once() -> None:
    names = Counter(name for path in MODULES for name in CLASS.findall(path.read_text()) if not name.startswith("_"))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_file_is_named_after_nothing() -> None:
    assert {path.stem for path in MODULES} & {"utils", "helpers", "common", "misc"} == set()
