"""A daemon with two workers: one here, and one on another machine that works when the test says so."""

from dataclasses import dataclass, field
from typing import Any

from sorterd.pipeline.extracting import MOST_JOBS
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.room import Room
from sorterd.worker.job_messages import Extract, Job
from support.running import Running, Words
from support.workspace import Workspace

PC = "gaming-pc"
LIBRARY = {
    folder: {f"{folder}{n}.mp4": b"%s %d" % (folder.encode(), n) for n in range(15)} for folder in ("cat", "dog")
}


@dataclass(slots=True)
class Patient(Words):
    """A worker on another machine, which keeps its jobs until the test has it do them."""

    most: int = MOST_JOBS
    kept: list[Extract] = field(default_factory=list)
    keeps: bool = True
    largest: int | None = None

    def room(self) -> Room:
        return Room(self.most, self.largest)

    def submit(self, job: Job) -> None:
        assert isinstance(job, Extract), "nothing else travels"
        self.kept.append(job)
        if not self.keeps:
            self.work()

    def work(self) -> None:
        """Do the first job."""
        Words.submit(self, self.kept.pop(0))

    def is_lost(self) -> None:
        """All jobs are lost, and no video is to blame."""
        for job in self.kept:
            self.report(WorkerLost(job.job, (), "has not answered for 20 s", by_itself=False))
        self.kept.clear()


@dataclass(slots=True)
class Two:
    """A worker here, and one on another machine."""

    running: Running
    there: Patient

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


def contents() -> list[bytes]:
    return sorted(content for files in LIBRARY.values() for content in files.values())


def two_workers(workspace: Workspace, **options: Any) -> Two:
    """Lay out LIBRARY and make a daemon for it."""
    workspace.lay_out(LIBRARY)
    there = Patient(workspace.clock)
    return Two(Running(workspace, Words(workspace.clock), others={PC: there}, **options), there)
