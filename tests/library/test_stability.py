from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.library.files import FileId, SeenFile
from sorterd.library.stability import StabilityTracker, ready_at, settled

SECOND = 1_000_000_000
NOW = 1_800_000_000 * SECOND


def seen(touched_ns: int, size: int = 5) -> SeenFile:
    return SeenFile("a.mp4", FileId(1, 2, size, touched_ns), touched_ns)


def test_a_file_that_was_left_alone_long_enough_is_settled_at_once() -> None:
    assert settled(seen(NOW - 10 * SECOND), NOW, 10)


def test_a_file_that_was_touched_a_moment_ago_is_not_settled_and_says_when_it_will_be() -> None:
    file = seen(NOW - 4 * SECOND)
    assert not settled(file, NOW, 10)
    assert ready_at(file, 10, NOW) == NOW + 6 * SECOND


def test_without_a_settle_time_everything_is_settled() -> None:
    assert settled(seen(NOW), NOW, 0)


def test_a_stamp_from_the_future_says_nothing_so_time_without_change_counts() -> None:
    file = seen(NOW + 3600 * SECOND)
    assert not settled(file, NOW, 10)
    assert ready_at(file, 10, NOW) == NOW + 10 * SECOND
    assert settled(file, NOW, 10, seen_ns=NOW - 10 * SECOND)


@given(touched=st.integers(-(10**6), 10**6), settle=st.floats(0, 1000), seen_ago=st.none() | st.integers(-100, 10**6))
def test_settled_is_what_ready_at_promised(touched: int, settle: float, seen_ago: int | None) -> None:
    file = seen(NOW + touched * SECOND)
    since = None if seen_ago is None else NOW - seen_ago * SECOND
    ready = ready_at(file, settle, NOW, since)
    assert settled(file, NOW, settle, since) is (ready <= NOW)
    # No wait from now on is longer than the settle time, whatever the clocks say.
    assert ready <= NOW + round(settle * SECOND)


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
