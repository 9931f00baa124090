"""How many videos a worker is given at a time, so that all workers end at about the same time."""

import heapq
import itertools
from collections.abc import Mapping

import pytest

from sorterd.pipeline.batch_size import FEWEST, MOST, USUAL, batch_size
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.extracting import MOST_JOBS
from sorterd.pipeline.in_flight import InFlight
from sorterd.worker.job_messages import Extract, Item


def ends(seconds: Mapping[str, float], videos: int) -> dict[str, float]:
    """When each of these workers, which take so long over a video, has done its last one."""
    busy, left, done, jobs, free = InFlight(), videos, 0, itertools.count(1), dict.fromkeys(seconds, 0.0)
    events = [(0.0, 0, False)]  # when which job has one video more, and whether that was its last one
    while events:
        now, job, ended = heapq.heappop(events)
        done += job > 0
        if ended:
            busy.end(job)
        for depth in range(MOST_JOBS):
            for name, each in seconds.items():
                if len(busy.at(name)) == depth:
                    size = batch_size(name, busy, seconds, lambda one: 60 / seconds[one], videos - done)
                    size = min(size, left)
                    if size:
                        left -= size
                        number = next(jobs)
                        busy.add(Extract(number, tuple(Item("", b"") for _ in range(size))), name)
                        for one in range(1, size + 1):
                            free[name] = max(now, free[name]) + each
                            heapq.heappush(events, (free[name], number, one == size))
    assert done == videos
    return free


@pytest.mark.parametrize("videos", [1, 2, 7, 13, 48, 49, 144, 1000])
@pytest.mark.parametrize("seconds", [(0.2, 0.2), (0.2, 0.25), (0.36, 1.8, 1.8), (0.2, 0.2, 0.2, 0.2), (5.0, 0.1)])
def test_all_workers_end_within_one_video_of_the_best_that_can_be(seconds: tuple[float, ...], videos: int) -> None:
    ideal = videos / sum(1 / one for one in seconds)
    last = max(ends({f"pc{number}": one for number, one in enumerate(seconds)}, videos).values())
    assert last <= ideal + max(seconds)


@pytest.mark.parametrize(("pace", "size"), [(None, USUAL), (5.0, FEWEST), (160.0, 8), (50_000.0, MOST)])
def test_a_worker_alone_gets_what_a_new_arrival_can_wait_for(pace: float | None, size: int) -> None:
    assert batch_size("pc", InFlight(), ["pc"], lambda _: pace, 1000) == size


def test_the_worker_here_always_gets_one_and_another_nothing_that_a_faster_one_can_do() -> None:
    busy = InFlight()
    busy.add(Extract(1, (Item("a", b""),)), "pc")
    paces = {"pc": 600.0, HERE: 1.0, "old pc": 1.0}
    sizes = [batch_size(worker, busy, ["old pc", "new pc"], paces.get, 1) for worker in (HERE, "old pc", "new pc")]
    assert sizes == [1, 0, 1]
