"""Two real workers extract a folder. One of them is killed again and again, and a video crashes whoever looks at it."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from support.elsewhere import Elsewhere
from support.running import Running, Words
from support.sleeping_worker import sleeping
from support.words import SPACE
from support.workspace import Workspace

from sorterd.backoff import LONGEST_DELAY, MAX_ATTEMPTS
from sorterd.features.settings import FeatureSettings
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import JobDone, Report, Started

CLIPS = {f"{number}.mp4": b"cats %d 1" % number for number in range(40)}
CRASHES = {"crashes.mp4": b"abort 1 1"}


class Killed(Elsewhere):
    """A worker that is killed while it looks at a video, and then after one job and before the next, which waits."""

    def __init__(self, command: Sequence[str], artifacts: bytes) -> None:
        super().__init__(command, lambda _report: None, artifacts)
        self.kills = ["during", "between"]
        self.victims: set[str] = set()
        self.losses: list[WorkerLost] = []

    def _pass_on(self, report: Report | WorkerLost) -> None:
        if self.kills[:1] == ["during"] and isinstance(report, Started):
            self.victims.add(report.fingerprint)
            self._kill()
        elif self.kills[:1] == ["between"] and isinstance(report, JobDone) and len(self._open) > 1:
            self._kill()
        elif isinstance(report, WorkerLost):
            self.losses.append(report)
        super()._pass_on(report)

    def _kill(self) -> None:
        assert self.worker.pid is not None
        self.kills.pop(0)
        os.kill(self.worker.pid, signal.SIGKILL)


def both(workspace: Workspace, artifacts: Path) -> tuple[Running, Worker, Killed]:
    """A daemon with one such worker here and one elsewhere."""
    command, folder = sleeping(0.01), bytes(artifacts)
    here = Worker(
        lambda: Setup(FeatureSettings(), folder),
        report=lambda report: running.loop.inbox.put(report),
        item_timeout=60.0,
        start_timeout=60.0,
        idle_unload=60.0,
        command=command,
        log=lambda _line: None,
    )
    there = Killed(command, folder)
    running = Running(workspace, cast("Words", here), others={"there": cast("Words", there)})
    return running, here, there


def test_kills_and_a_video_that_crashes_cost_no_other_video_anything(workspace: Workspace, tmp_path: Path) -> None:
    workspace.lay_out({"cats": CLIPS | CRASHES})
    (tmp_path / "artifacts").mkdir()
    running, here, there = both(workspace, tmp_path / "artifacts")
    attempts: dict[str, int] = {}
    try:
        for _ in range(2 * MAX_ATTEMPTS):
            running.run()
            attempts |= {one.path: one.attempts for one in workspace.store.features.failures()}
            workspace.clock.advance(LONGEST_DELAY)
    finally:
        there.stop()
        here.stop()
    victims = {f"cats/{name}" for name in CLIPS if workspace.content(f"cats/{name}") in there.victims}
    assert there.kills == []
    assert [loss for loss in there.losses if not loss.in_flight], "a job was lost before it was begun"
    assert running.loop.pipeline.progress.done == len(CLIPS) == len(workspace.store.features.extracted(SPACE))
    assert attempts.pop("cats/crashes.mp4") == MAX_ATTEMPTS
    assert set(attempts) <= victims, "those that were looked at when their worker was killed, once"
    assert [one.path for one in workspace.store.features.failures()] == ["cats/crashes.mp4"]
