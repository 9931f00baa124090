"""Whatever several workers do, and in whatever order: no video is lost, none is given to two of them, none that is
extracted is given again, and none is to blame for the end of a worker that had not begun it."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.running import Running, Words
from support.words import SPACE
from support.workspace import Workspace

from sorterd.backoff import LONGEST_DELAY
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.extracting import MOST_JOBS
from sorterd.store.settings import IN_FLIGHT
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Describe, Extract, Job
from sorterd.worker.report_messages import Extracted, JobDone, Report, Started

VIDEOS = 24
OTHERS = ("one", "two")
WORKERS = (HERE, *OTHERS)
DOINGS = ("begin", "begin", "begin", "answer", "crash", "vanish", "late", "turn")


@dataclass(slots=True)
class Scripted(Words):
    """A worker that does one thing at a time, when it is told to."""

    open: list[Extract] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    ended: list[Extract] = field(default_factory=list)

    def submit(self, job: Job) -> None:
        if isinstance(job, Describe):
            Words.submit(self, job)
            return
        assert isinstance(job, Extract)
        self.open.append(job)

    def does(self, doing: str) -> list[Report | WorkerLost]:
        """Do it, if it can be done now. Return the reports."""
        if doing == "late":
            return [Extracted(job.job, job.items[0].fingerprint, bytes(32), "", "", "none") for job in self.ended[-1:]]
        if not self.open:
            return []
        job = self.open[0]
        left = [item.fingerprint for item in job.items if item.fingerprint not in {*self.begun, *self.answered}]
        if doing == "begin" and left:
            self.begun.append(left[0])
            return [Started(job.job, left[0])]
        if doing == "answer" and self.begun:
            video = self.begun.pop(0)
            self.answered.add(video)
            done = [] if left or self.begun else [JobDone(self._over().job)]
            return [Extracted(job.job, video, bytes(32), "", "", "none"), *done]
        if doing == "crash":
            begun = tuple(self.begun)
            return [WorkerLost(self._over().job, begun, "crashed")]
        if doing == "vanish":
            lost: list[Report | WorkerLost] = []
            while self.open:
                lost.append(WorkerLost(self._over().job, (), "is gone", by_itself=False))
            return lost
        return []

    def _over(self) -> Extract:
        self.begun.clear()
        self.answered.clear()
        self.ended.append(self.open.pop(0))
        return self.ended[-1]


@dataclass(slots=True)
class Pool:
    """The pipeline with three such workers, and what must always hold."""

    running: Running
    workers: dict[str, Scripted]
    guilty: set[str] = field(default_factory=set)

    def turn(self) -> None:
        pipeline = self.running.loop.pipeline
        extracted = self.running.workspace.store.features.extracted(SPACE)
        before = {job.job for worker in self.workers.values() for job in worker.open}
        if (stage := pipeline.next_stage()) is not None:
            pipeline.give(stage)
        pipeline.give_others()
        for worker in self.workers.values():
            for job in worker.open:
                assert job.job in before or not {item.fingerprint for item in job.items} & extracted
        self.check()

    def do(self, name: str, doing: str) -> None:
        worker = self.workers[name]
        if doing == "crash" and len(worker.begun) == 1:
            self.guilty |= set(worker.begun)
        for report in worker.does(doing):
            self.running.loop.pipeline.take(report)
        self.check()

    def check(self) -> None:
        jobs = [job for worker in self.workers.values() for job in worker.open]
        videos = [item.fingerprint for job in jobs for item in job.items]
        assert len(videos) == len(set(videos)), "a video was given to two"
        assert self.running.loop.pipeline.busy.videos == set(videos)
        for name, worker in self.workers.items():
            assert len(worker.open) <= (1 if name == HERE else MOST_JOBS)
        store = self.running.workspace.store
        begun = [video for worker in self.workers.values() for video in worker.begun]
        assert set(store.notes.get(IN_FLIGHT) or ()) == set(begun)
        blamed = {row[0] for row in store.connection.execute("SELECT fingerprint FROM failures")}
        assert blamed <= self.guilty, "a video is to blame for the end of a worker that it did not end"

    def finish(self) -> None:
        """All workers are well from now on."""
        for _ in range(10 * VIDEOS):
            self.running.workspace.clock.advance(LONGEST_DELAY)
            self.turn()
            for name, worker in self.workers.items():
                while worker.open:
                    self.do(name, "begin")
                    self.do(name, "answer")
            if not self.running.loop.pipeline.pending:
                return
        raise AssertionError("there are videos that nobody is given")


@given(st.lists(st.tuples(st.sampled_from(WORKERS), st.sampled_from(DOINGS)), min_size=20, max_size=60))
@settings(max_examples=10)
def test_no_video_is_lost_given_twice_or_wrongly_blamed(doings: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "videos", Path(folder) / "state")
        workspace.lay_out({f"{number}.mp4": b"cat %d" % number for number in range(VIDEOS)})
        workers = {name: Scripted(workspace.clock, most=MOST_JOBS) for name in WORKERS}
        others: dict[str, Words] = {name: workers[name] for name in OTHERS}
        running = Running(workspace, workers[HERE], stages=frozenset({"extract"}), others=others)
        running.loop.synchronize()
        running.loop._turn()
        running.loop._wait(0.0)
        pool = Pool(running, workers)
        for name, doing in doings:
            if doing == "turn":
                pool.turn()
            else:
                pool.do(name, doing)
        pool.finish()
        failed = workspace.store.features.failures()
        assert len(workspace.store.features.extracted(SPACE)) + len(failed) == VIDEOS
        workspace.close()
