import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.library.files import FileId, SeenFile
from sorterd.library.stability import StabilityTracker

SECOND = 1_000_000_000
NOW = 1_800_000_000 * SECOND


def seen(touched_ns: int, size: int = 5) -> SeenFile:
    return SeenFile("a.mp4", FileId(1, 2, size, touched_ns), touched_ns)


def observed(file: SeenFile, settle: float, at: int = NOW) -> StabilityTracker:
    """A tracker that has seen the file for the first time."""
    settling = StabilityTracker(settle)
    settling.observe({file.path: file}, at)
    return settling


@pytest.mark.parametrize(
    ("touched", "settle", "ready"),
    [
        (NOW - 10 * SECOND, 10, NOW),
        (NOW - 4 * SECOND, 10, NOW + 6 * SECOND),
        (NOW, 0, NOW),
        (NOW + 3600 * SECOND, 10, NOW + 10 * SECOND),
    ],
    ids=["left alone long enough", "touched a moment ago", "no settle time", "a stamp from the future says nothing"],
)
def test_a_file_is_settled_when_it_was_left_alone_for_the_settle_time(touched: int, settle: float, ready: int) -> None:
    settling = observed(seen(touched), settle)
    assert settling.ready_at("a.mp4", NOW) == ready
    assert settling.settled("a.mp4", NOW) is (ready <= NOW)


@given(touched=st.integers(-(10**6), 10**6), settle=st.floats(0, 1000), seen_ago=st.integers(-100, 10**6))
def test_no_wait_exceeds_the_settle_time_whatever_the_clocks_say(touched: int, settle: float, seen_ago: int) -> None:
    settling = observed(seen(NOW + touched * SECOND), settle, NOW - seen_ago * SECOND)
    assert settling.ready_at("a.mp4", NOW) <= NOW + round(settle * SECOND)


def test_a_file_dated_in_the_future_settles_after_being_seen_unchanged() -> None:
    settling = StabilityTracker(10)
    files = {"a.mp4": seen(NOW + 10**6 * SECOND)}
    settling.observe(files, NOW)
    assert not settling.settled("a.mp4", NOW)
    settling.observe(files, NOW + 9 * SECOND)
    assert not settling.settled("a.mp4", NOW + 9 * SECOND)
    assert settling.settled("a.mp4", NOW + 10 * SECOND)


def test_every_change_restarts_the_wait() -> None:
    settling = StabilityTracker(10, trust_stamps=lambda: False)
    settling.observe({"a.mp4": seen(NOW, size=1)}, NOW)
    settling.observe({"a.mp4": seen(NOW, size=2)}, NOW + 8 * SECOND)
    assert settling.ready_at("a.mp4", NOW + 8 * SECOND) == NOW + 18 * SECOND


def test_a_server_whose_clock_is_behind_cannot_make_a_growing_file_look_old() -> None:
    old = seen(NOW - 3600 * SECOND)
    trusting, wary = StabilityTracker(10), StabilityTracker(10, trust_stamps=lambda: False)
    for settling in (trusting, wary):
        settling.observe({"a.mp4": old}, NOW)
    assert trusting.settled("a.mp4", NOW)
    assert not wary.settled("a.mp4", NOW)
    assert wary.settled("a.mp4", NOW + 10 * SECOND)


def test_a_clock_that_jumps_back_makes_nobody_wait_for_it_to_catch_up() -> None:
    settling = StabilityTracker(10, trust_stamps=lambda: False)
    files = {"a.mp4": seen(NOW)}
    settling.observe(files, NOW)
    back = NOW - 86_400 * SECOND
    settling.observe(files, back)
    assert settling.ready_at("a.mp4", back) == back + 10 * SECOND


def test_files_that_are_no_longer_looked_at_are_forgotten() -> None:
    settling = StabilityTracker(10)
    settling.observe({"a.mp4": seen(NOW)}, NOW)
    settling.observe({}, NOW)
    with pytest.raises(KeyError):
        settling.settled("a.mp4", NOW)
