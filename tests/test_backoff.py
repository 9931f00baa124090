"""When what failed is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from sorterd.backoff import FIRST_DELAY, LONGEST_DELAY, MAX_ATTEMPTS, StageBackoff, after_failure, delay


def test_a_passing_fault_is_tried_again_later_and_later_and_given_up_after_three_strikes() -> None:
    tries = [after_failure(before, transient=True, now=1000.0) for before in range(MAX_ATTEMPTS)]
    assert [again.attempts for again in tries] == [1, 2, 3]
    assert [again.at for again in tries] == [1030.0, 1240.0, 2920.0]
    assert [again.given_up for again in tries] == [False, False, True]


def test_a_lasting_fault_is_given_up_at_once() -> None:
    assert after_failure(0, transient=False, now=0.0).given_up


@given(st.integers(0, 10**6), st.integers(2, 8))
def test_waits_never_get_shorter_and_never_longer_than_an_hour(failures: int, factor: int) -> None:
    assert FIRST_DELAY <= delay(failures, factor=factor) <= delay(failures + 1, factor=factor) <= LONGEST_DELAY


def test_a_stage_that_waits_for_a_moment_is_told_from_one_that_has_failed() -> None:
    stages = StageBackoff()
    assert not stages.waits_for_moment(0.0)
    stages.failed("train", "no space left", 0.0)
    assert not stages.waits_for_moment(1.0)
    stages.wait("extract", 2.0)
    assert stages.waits_for_moment(1.0)
    assert not stages.waits_for_moment(2.0)
