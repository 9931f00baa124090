"""Several workers: which of them is given what."""

import os

import pytest
from support.running import Running, Words
from support.two_workers import PC, Patient, Two, contents, two_workers
from support.workspace import Clock, Workspace

from sorterd.pipeline.executor import HERE
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.picture_archive import LOOK_SECONDS
from sorterd.pipeline.progress import ExtractionProgress
from sorterd.pipeline.schedule import Stage
from sorterd.pipeline.work_hours import WorkHours
from sorterd.store.backlog import FRESH_SECONDS
from sorterd.work_window import WorkWindow
from sorterd.worker.job_messages import Describe, Export, Extract, Job, Predict

ANIMALS = (("c", b"cat"), ("d", b"dog"))
JOBS_OF_ONE = [
    "Describe", "Extract d8 c8 d7 c7 d6 c6 d5 c5", "Extract d4 c4 d3 c3 d2 c2 d1 c1", "Extract d0 c0 torn cat bomb",
    "Train", "Predict", "Extract late", "Predict",
]  # fmt: skip
EXTRACTED = ["StageProgress"]
TOLD_BY_ONE = [
    *("Synchronized", "Note", *EXTRACTED * 18, "Fault", *EXTRACTED * 2, "Fault", *EXTRACTED, "Synchronized"),
    *(
        "TrainingEnded",
        "Decided",
        "StageProgress",
        "Synchronized",
        "UserAction",
        *EXTRACTED,
        "Decided",
        "StageProgress",
    ),
]


@pytest.fixture
def two(workspace: Workspace) -> Two:
    return two_workers(workspace)


def test_a_worker_has_two_jobs_at_most_and_the_second_is_half_as_long(two: Two) -> None:
    two.until_given()
    first, second = two.there.kept
    assert (len(first.items), len(second.items)) == (8, 4)
    two.turn()
    assert two.there.kept == [first, second]


def test_a_few_videos_are_shared_with_a_machine_that_is_idle(two: Two) -> None:
    two.finish()
    two.there.keeps = True
    two.running.worker.jobs.clear()
    two.running.workspace.lay_out({f"{n}.mp4": b"lion %d" % n for n in range(6)})
    two.running.loop.synchronize()
    two.until_given()
    (here,) = two.running.worker.given(Extract)
    assert (len(here.items), [len(job.items) for job in two.there.kept]) == (2, [2, 1])


def test_without_others_the_worker_here_gets_the_jobs_that_it_always_got(workspace: Workspace) -> None:
    """Both lists were written down by the version before this one, which had one job at a time."""
    cats, dogs = ({f"{letter}{n}.mp4": b"%s %d" % (word, n) for n in range(9)} for letter, word in ANIMALS)
    workspace.lay_out({"cats": cats, "dogs": dogs, "bomb.mp4": b"bomb 1", "torn.mp4": b"torn 1", "cat.mp4": b"cat 99"})
    for number, path in enumerate(sorted(workspace.root.rglob("*.mp4"))):
        os.utime(path, (1e9 + number, 1e9 + number))
    worker = Words(workspace.clock, deadly={b"bomb 1"}, broken={b"torn 1": "no picture"}, hands=2)
    running = Running(workspace, worker).run()
    workspace.lay_out({"late.mp4": b"dog 77"})
    running.run()
    assert [said(job) for job in worker.jobs] == JOBS_OF_ONE
    assert [type(activity).__name__ for activity in running.told] == TOLD_BY_ONE


def said(job: Job) -> str:
    items = job.items if isinstance(job, Extract) else ()
    return " ".join([type(job).__name__, *(item.path.decode().rpartition("/")[2][:-4] for item in items)])


def test_videos_that_are_too_large_for_another_machine_stay_here(two: Two) -> None:
    two.running.workspace.lay_out({f"large {n}.mp4": b"cat large %d " % n + bytes(1000) for n in range(20)})
    two.there.largest = 100
    two.finish()
    assert two.there.extracted
    assert not any(b"large" in content for content in two.there.extracted)
    assert sum(b"large" in content for content in two.running.worker.extracted) == 20


@pytest.mark.parametrize("new", [False, True])
def test_while_others_extract_the_worker_here_takes_turns_unless_a_new_arrival_waits(two: Two, new: bool) -> None:
    two.finish()
    two.there.keeps = True
    two.running.workspace.lay_out({f"{n}.mp4": b"lion %d" % n for n in range(60)})
    two.running.loop.synchronize()
    if not new:
        two.running.workspace.clock.advance(FRESH_SECONDS + 1)
    two.running.worker.jobs.clear()

    def answered_elsewhere_meanwhile(job: Job) -> None:
        if isinstance(job, Predict) and len(two.there.kept) > 1:
            two.there.work()

    two.running.worker.before = answered_elsewhere_meanwhile
    while not any(isinstance(job, Predict) for job in two.running.worker.jobs):
        two.turn()
    two.turn()
    assert type(two.running.worker.jobs[-1]) is (Predict if new else Extract)


def test_nothing_is_drawn_or_exported_while_others_extract(workspace: Workspace) -> None:
    stages: frozenset[Stage] = frozenset({"extract", "export"})
    two = two_workers(workspace, stages=stages, pictures=10**6)
    two.until_given()
    for _ in range(10):
        two.turn()
    assert {type(job) for job in two.running.worker.jobs} == {Describe, Extract}
    workspace.clock.advance(LOOK_SECONDS)
    two.finish()
    assert (two.running.worker.count(Export), len(two.running.worker.drawn)) == (1, len(contents()))


def test_outside_the_hours_of_work_others_get_only_new_arrivals(two: Two) -> None:
    two.running.loop.pipeline.holding.hours = WorkHours(WorkWindow(), False, lambda: True)
    two.running.run()
    assert two.running.worker.extracted == []
    two.running.workspace.lay_out({f"{n}.mp4": b"cat %d" % n for n in range(100, 120)})
    two.running.loop.sync.due_at = 0.0
    two.until_given()
    assert {item.path.rpartition(b"/")[0] for job in two.there.kept for item in job.items} == {
        bytes(two.running.workspace.root)
    }


def test_a_stop_waits_for_the_worker_here_alone() -> None:
    ended: list[str] = []
    here, there = Words(Clock()), Patient(Clock())
    here.ends, there.ends = (lambda: ended.append("here")), (lambda: ended.append("there"))
    ExecutorPool(here, {PC: there}).stop()
    assert ended == ["there", "here"]


def test_each_worker_has_a_pace_of_its_own() -> None:
    clock = Clock(0.0)
    progress = ExtractionProgress(lambda _: None, clock, lambda: 0)
    for second in range(20):
        clock.now = second
        progress.extracted(HERE)
        if second % 5 == 0:
            progress.extracted(PC)
    assert progress.per_minute_of(HERE) == pytest.approx(60)
    assert progress.per_minute_of(PC) == pytest.approx(12)
    assert (progress.per_minute or 0.0) > 60
    assert progress.done == 24
