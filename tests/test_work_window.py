"""The hours of the day in which the backlog is worked on."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.work_window import DAY, WorkWindow

ZONE = ZoneInfo("Europe/Berlin")
NIGHT = WorkWindow.parse("22:00-07:00")


def at(text: str, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold).timestamp()


@pytest.mark.parametrize(
    ("window", "now", "opens"),
    [
        ("22:00-07:00", "2026-11-26 12:00", "2026-11-26 22:00"),
        ("22:00-07:00", "2026-11-26 07:00", "2026-11-26 22:00"),
        ("22:00-07:00", "2026-11-26 21:59:59", "2026-11-26 22:00"),
        ("22:00-07:00", "2026-11-26 22:00", None),
        ("22:00-07:00", "2026-11-27 00:00", None),
        ("22:00-07:00", "2026-11-27 06:59:59", None),
        ("09:00-17:00", "2026-11-26 08:00", "2026-11-26 09:00"),
        ("09:00-17:00", "2026-11-26 12:00", None),
        ("09:00-17:00", "2026-11-26 17:00", "2026-11-27 09:00"),
        ("20:00-24:00", "2026-11-26 23:59:59", None),
        ("20:00-24:00", "2026-11-27 00:00", "2026-11-27 20:00"),
        ("00:00-24:00", "2026-11-26 12:00", None),
        ("12:00-12:00", "2026-11-26 03:00", None),
        ("always", "2026-11-26 03:00", None),
    ],
)
def test_a_window_is_open_or_says_when_it_opens(window: str, now: str, opens: str | None) -> None:
    assert WorkWindow.parse(window).opens_at(at(now), ZONE) == (None if opens is None else at(opens))


def test_the_clock_on_the_wall_counts_when_clocks_are_put_forward_or_back() -> None:
    early = WorkWindow.parse("02:30-02:45")
    assert NIGHT.opens_at(at("2026-03-28 12:00"), ZONE) == at("2026-03-28 22:00")
    assert NIGHT.opens_at(at("2026-03-29 12:00"), ZONE) == at("2026-03-29 22:00")
    assert early.opens_at(at("2026-03-29 01:00"), ZONE) == at("2026-03-29 03:30")  # there is no half past two
    first, second = at("2026-10-25 02:30"), at("2026-10-25 02:30", fold=1)
    assert early.opens_at(at("2026-10-25 02:00"), ZONE) == first
    assert early.opens_at(at("2026-10-25 02:50"), ZONE) == second
    assert early.opens_at(second, ZONE) is None


@given(
    st.integers(0, DAY - 1),
    st.integers(0, DAY - 1),
    st.integers(1_700_000_000, 1_900_000_000),
    st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "UTC"]),
)
def test_a_closed_window_opens_within_a_day_and_is_open_then(begin: int, end: int, now: int, name: str) -> None:
    window, zone = WorkWindow(begin, end), ZoneInfo(name)
    opens = window.opens_at(now, zone)
    assert opens is None or now < opens <= now + 25 * 3600 + 1800
    if opens is not None and abs(begin - end) > 60:  # a shorter one may lie in the hour that a day does not have
        assert window.opens_at(opens, zone) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("22:00-07:00", "22:00-07:00"),
        (" 22:00 - 7:00 ", "22:00-07:00"),
        ("22:00–07:00", "22:00-07:00"),
        ("20:00-24:00", "20:00-00:00"),
        ("0:00-24:00", "always"),
        ("Always", "always"),
    ],
)
def test_a_window_is_understood_as_people_write_it(text: str, written: str) -> None:
    assert str(WorkWindow.parse(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "", "22:00", "22-7", "22:00-25:00", "24:01-07:00", "22:60-07:00", "10pm-7am", "never", "22:00-07:00\n",
        "٢٢:٠٠-٠٧:٠٠",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="two times"):
        WorkWindow.parse(text)
