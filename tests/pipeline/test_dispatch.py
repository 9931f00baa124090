"""Several workers: which of them is given what, and what becomes of the jobs of one that is lost."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from support.running import Running, Words
from support.words import SPACE
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.backoff import FIRST_DELAY
from sorterd.pipeline.dispatch import MOST_JOBS
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.messages import Extract, Extracted, Job, Started

PC = "gaming-pc"
LIBRARY = {
    folder: {f"{folder}{n}.mp4": b"%s %d" % (folder.encode(), n) for n in range(15)} for folder in ("cat", "dog")
}


@dataclass(slots=True)
class Elsewhere(Words):
    """A worker on another machine, which keeps its jobs until the test has it do them."""

    most: int = MOST_JOBS
    kept: list[Extract] = field(default_factory=list)
    keeps: bool = True

    def submit(self, job: Job) -> None:
        assert isinstance(job, Extract), "nothing else travels"
        self.kept.append(job)
        if not self.keeps:
            self.work()

    def work(self) -> None:
        """Do the first job."""
        Words.submit(self, self.kept.pop(0))

    def is_lost(self, reason: str = "has not answered for 20 s") -> None:
        """All jobs are lost, and no video is to blame."""
        for job in self.kept:
            self.report(WorkerLost(job.job, (), reason, by_itself=False))
        self.kept.clear()


@dataclass(slots=True)
class Two:
    """A worker here, and one on another machine."""

    running: Running
    there: Elsewhere

    def turn(self) -> None:
        """Give out jobs, and take in all reports."""
        self.running.loop._turn()
        self.running.loop._wait(0.0)

    def until_given(self) -> None:
        while not self.there.kept:
            self.turn()

    def finish(self) -> None:
        """Have the other worker do its jobs, those that it has and those to come."""
        self.there.keeps = False
        while self.there.kept:
            self.there.work()
        self.running.run()

    def extracted(self) -> list[bytes]:
        return sorted(self.running.worker.extracted + self.there.extracted)


@pytest.fixture
def two(workspace: Workspace) -> Two:
    workspace.lay_out(LIBRARY)
    there = Elsewhere(workspace.clock)
    return Two(Running(workspace, Words(workspace.clock), others={PC: there}), there)


def contents() -> list[bytes]:
    return sorted(content for files in LIBRARY.values() for content in files.values())


def test_two_workers_extract_each_video_once(two: Two) -> None:
    two.finish()
    assert two.extracted() == contents()
    assert two.there.extracted
    assert len(two.running.workspace.store.features.extracted(SPACE)) == len(contents())


def test_a_worker_has_two_jobs_at_most_and_the_second_is_half_as_long(two: Two) -> None:
    two.until_given()
    first, second = two.there.kept
    assert (len(first.items), len(second.items)) == (8, 4)
    two.turn()
    assert two.there.kept == [first, second]


def test_a_lost_worker_gives_its_jobs_back_and_no_video_is_to_blame(two: Two) -> None:
    two.until_given()
    two.there.report(Started(two.there.kept[0].job, two.there.kept[0].items[0].fingerprint))
    two.there.is_lost()
    two.running.run()
    assert two.running.worker.extracted
    assert two.extracted() == contents()
    assert two.running.workspace.store.features.failures() == []
    (fault,) = two.running.heard(Fault)
    assert fault.reason == "extract on gaming-pc: the worker has not answered for 20 s"


def test_reports_of_a_worker_that_was_lost_are_dropped(two: Two) -> None:
    two.until_given()
    late = two.there.kept[0]
    two.there.is_lost()
    two.turn()
    before = two.running.workspace.store.changes()
    assert two.running.loop.pipeline.take(Extracted(late.job, late.items[0].fingerprint, b"x", "", "", "none")) == set()
    assert two.running.workspace.store.changes() == before
    two.running.run()
    assert two.extracted() == contents()


def test_a_worker_that_was_lost_is_tried_again_after_a_while(two: Two) -> None:
    two.until_given()
    two.there.is_lost()
    two.running.run()
    two.running.workspace.lay_out({f"{n}.mp4": b"cat %d" % n for n in range(20, 40)})
    two.running.run()
    assert two.there.kept == []
    two.running.workspace.clock.advance(FIRST_DELAY)
    two.running.workspace.lay_out({f"{n}.mp4": b"cat %d" % n for n in range(40, 60)})
    two.running.loop.sync.due_at = 0.0
    two.until_given()
