"""A video that takes the daemon down as well, because the whole group is killed for memory or the machine hangs: it is
given up after some starts, and its neighbours are extracted, instead of the same batch at each start for ever."""

from __future__ import annotations

from contextlib import suppress

import pytest

from daemon.house import House
from daemon.running import Running, Words
from daemon.test_loop import Off
from sorterd.worker.messages import Extract, Job


@pytest.fixture
def running(house: House) -> Running:
    """With a video in the inbox at which the power goes."""
    house.lay_out({"cats": {"c1.mp4": b"cat 1"}, "dogs": {"d1.mp4": b"dog 1"}, "a.mp4": b"poison 1", "b.mp4": b"cat 2"})
    return Running(house, Words(house.clock, before=cut_off))


def cut_off(job: Job) -> None:
    if isinstance(job, Extract) and any(item.path.endswith(b"a.mp4") for item in job.items):
        raise Off


def test_a_video_that_takes_the_daemon_with_it_costs_only_itself(running: Running) -> None:
    for _ in range(12):
        with suppress(Off):
            running.run()
            running.house.clock.advance(4000.0)
        running.restart()
    assert sorted(running.worker.extracted) == [b"cat 1", b"cat 2", b"dog 1"]
    (failure,) = running.house.store.features.failures()
    assert (failure.path, failure.failed, failure.reason) == ("a.mp4", True, "sorterd ended while it looked at this")


def test_what_was_in_hand_at_an_orderly_end_is_not_to_blame_for_it(running: Running) -> None:
    for _ in range(4):
        with suppress(Off):
            running.run()
        running.loop.work.put_down()
        running.restart()
    assert running.house.store.features.failures() == []
