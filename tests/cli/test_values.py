"""What options take."""

from argparse import ArgumentTypeError
from datetime import datetime

import pytest

from sorterd.cli import values


@pytest.mark.parametrize(
    ("text", "at", "meant"),
    [
        ("14:30", "2026-01-31T18:00", "2026-01-31T14:30"),
        ("14:30", "2026-01-31T14:30", "2026-01-31T14:30"),
        ("14:30", "2026-01-31T14:29:59", "2026-01-30T14:30"),
        ("14:30", "2026-01-01T00:20", "2025-12-31T14:30"),
        ("00:00", "2026-01-31T00:20", "2026-01-31T00:00"),
        ("14:30:05", "2026-01-31T14:30", "2026-01-30T14:30:05"),
        ("2026-01-31", "2026-01-31T18:00", "2026-01-31T00:00"),
        ("2026-02-01T09:00", "2026-01-31T18:00", "2026-02-01T09:00"),
    ],
)
def test_a_time_without_a_date_is_the_last_time_that_the_clock_showed_it(text: str, at: str, meant: str) -> None:
    found = values.time(text, now=lambda: datetime.fromisoformat(at))
    assert found == datetime.fromisoformat(meant).timestamp()


def test_moves_are_named_by_numbers_and_ranges() -> None:
    assert values.moves("12") == (12, 12)
    assert values.moves("12-25") == (12, 25)
    for wrong in ("", "0", "-3", "3-", "25-12", "3-0", "1-2-3", "٣", "x", "9" * 10):
        with pytest.raises(ArgumentTypeError):
            values.moves(wrong)
