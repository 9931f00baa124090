"""Numbers in sentences."""

import pytest

from sorterd.text import as_called, counted, lasting, paced


@pytest.mark.parametrize(("number", "text"), [(0, "0 videos"), (1, "1 video"), (12000, "12,000 videos")])
def test_one_is_singular(number: int, text: str) -> None:
    assert counted(number, "video") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "less than a minute"),
        (60, "about a minute"),
        (100, "about 2 minutes"),
        (3600, "about 60 minutes"),
        (6000, "about 2 hours"),
        (100_000, "about 28 hours"),
        (400_000, "about 5 days"),
    ],
)
def test_a_time_is_told_as_exactly_as_it_is_known(seconds: float, text: str) -> None:
    assert lasting(seconds) == text


def test_the_pace_comes_with_the_time_left() -> None:
    assert paced(1200, 52.3) == "52 per minute, about 23 minutes left"
    assert paced(90, 0.75) == "0.8 per minute, about 2 hours left"
    assert paced(9, None) == paced(0, 52.3) == ""


def test_hints_repeat_how_sorterd_was_called() -> None:
    hint = "there is no model yet: type 'sorterd extract' and 'sorterd train'"
    assert as_called(hint, "sorterd") == hint
    assert as_called(hint, "sorterd --videos v") == (
        "there is no model yet: type 'sorterd --videos v extract' and 'sorterd --videos v train'"
    )
    assert as_called("type 'sorterd retry'", ".venv/bin/sorterd --videos '/my v'") == (
        "type `.venv/bin/sorterd --videos '/my v' retry`"
    )
    assert as_called("pip install 'sorterd[embedded]'", "sorterd --videos v") == "pip install 'sorterd[embedded]'"
