"""How fast it goes."""

import pytest

from sorterd.pipeline.throughput import FEW, PAUSE, WINDOW, Throughput


def after(*times: float) -> Throughput:
    pace = Throughput()
    for at in times:
        pace.finished(at)
    return pace


def test_nothing_is_said_before_a_few_are_done() -> None:
    assert Throughput().per_minute(0.0) is None
    assert after(*range(FEW)).per_minute(FEW) is None
    assert after(*range(FEW + 1)).per_minute(FEW) == pytest.approx(60)


def test_the_first_video_which_waited_for_the_models_is_where_measuring_begins() -> None:
    assert after(100.0, 102.0, 104.0, 106.0).per_minute(106.0) == pytest.approx(30)


def test_a_first_batch_whose_results_come_all_at_once_says_nothing_of_the_pace() -> None:
    at_once = [50.0 + number / 1000 for number in range(8)]
    assert after(*at_once).per_minute(50.1) is None
    later = [53.0 + number / 1000 for number in range(8)]
    assert after(*at_once, *later).per_minute(53.1) == pytest.approx(300, rel=0.01)  # 15 in 3 seconds


def test_a_pause_is_not_counted() -> None:
    late = 10.0 + PAUSE + 1
    assert after(*range(10), late, late + 1, late + 2, late + 3).per_minute(late + 3) == pytest.approx(60)


def test_after_a_while_it_is_forgotten() -> None:
    pace = after(*range(10))
    assert pace.per_minute(9.0 + WINDOW) is not None
    assert pace.per_minute(9.1 + WINDOW) is None


def test_only_the_last_minutes_count_and_little_is_remembered() -> None:
    slow = [10.0 * number for number in range(100)]
    fast = [1000.0 + number / 20 for number in range(20 * int(WINDOW))]
    pace = after(*slow, *fast)
    assert pace.per_minute(fast[-1]) == pytest.approx(1200, rel=0.01)
    assert len(pace._marks) <= WINDOW + 1


def test_a_clock_that_jumps_back_starts_it_anew() -> None:
    assert after(1000.0, 1001.0, 1002.0, 1003.0, 5.0).per_minute(5.0) is None
