"""A machine that slept begins nothing of what it was given before."""

import asyncio
from pathlib import Path

import pytest

from pool.cheap_machine import WORKER
from pool.test_session import PREPARE
from sorterd.pool.machine import sleep
from sorterd.pool.machine.local_worker import LocalWorker
from sorterd.pool.machine.sleep import SleepDetector
from sorterd.worker.job_messages import Describe
from sorterd.worker.report_messages import Described


def test_it_is_noticed_at_the_moment_of_waking(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(sleep, "now", lambda: clock[0])
    detector = SleepDetector(longest=10.0)
    clock[0] += 9.0
    assert detector.awake()
    clock[0] += 9.0
    assert not detector.awake()
    asyncio.run(asyncio.wait_for(detector.watch(), 5))


def test_a_job_that_is_not_wanted_any_more_is_not_begun_and_a_cancelled_one_blocks_no_other(tmp_path: Path) -> None:
    async def story() -> list[object]:
        models = LocalWorker(tmp_path, "cpu", lambda _: None, WORKER)
        models.prepare(PREPARE)
        heard: list[object] = []
        await models.run(Describe(1), heard.append, wanted=lambda: False)
        assert heard == []
        cancelled = asyncio.ensure_future(models.run(Describe(2), heard.append))
        await asyncio.sleep(0)
        cancelled.cancel()
        await models.run(Describe(3), heard.append)
        await asyncio.to_thread(models.stop)
        return heard

    (described,) = asyncio.run(asyncio.wait_for(story(), 60))
    assert isinstance(described, Described)
    assert described.job == 3
