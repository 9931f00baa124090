"""What a machine answers to home, without the connection between them."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from support.words import SPACE

from pool.cheap_machine import WORKER
from pool.machines import fingerprint
from sorterd.features.settings import FeatureSettings
from sorterd.pool import messages
from sorterd.pool.machine.local_worker import LocalWorker
from sorterd.pool.machine.session import MachineSession
from sorterd.pool.messages import FROM_MACHINE, LIMIT
from sorterd.worker import wire
from sorterd.worker.report_messages import Extracted, JobDone

PATIENCE = 240.0  # seconds: a worker process starts late on a busy machine
PREPARE = messages.Prepare(FeatureSettings(models="embedded"), SPACE, 1280, 60.0, False)


class Machine:
    """A session, and home's end of it."""

    def __init__(self, folder: Path) -> None:
        self.answers: asyncio.Queue[Any] = asyncio.Queue()
        self.told: list[str] = []
        self.ended = asyncio.Event()
        self.models = LocalWorker(folder / "models", "cpu", self.told.append, WORKER)
        (folder / "models").mkdir()
        self.session = MachineSession(self.models, folder, None, self._sent, self.told.append, self.ended.set)

    def _sent(self, frame: bytes) -> None:
        self.answers.put_nowait(wire.decode_body(frame, FROM_MACHINE, LIMIT))

    def give(self, *messages: Any) -> None:
        for message in messages:
            self.session.take(wire.encode_body(message, LIMIT))

    async def until(self, *kinds: type) -> list[Any]:
        """What it answers, up to the first of these kinds."""
        heard: list[Any] = []
        while not heard or not isinstance(heard[-1], kinds):
            heard.append(await asyncio.wait_for(self.answers.get(), PATIENCE))
        return heard


def with_machine(folder: Path, story: Callable[[Machine], Coroutine[None, None, None]]) -> None:
    async def run() -> None:
        machine = Machine(folder)
        try:
            await story(machine)
        finally:
            machine.session.close()
            machine.models.stop()

    asyncio.run(run())


def sent(job: int, *contents: bytes) -> list[Any]:
    """A task, and the bytes of its videos."""
    names = [fingerprint(content) for content in contents]
    sources = tuple(messages.Source(name, b"x.mp4", follows=True) for name in names)
    pieces = (messages.Piece(job, name, content, last=True) for name, content in zip(names, contents, strict=True))
    return [messages.Task(job, sources), *pieces]


def test_a_machine_with_other_models_gets_no_work_and_says_why(tmp_path: Path) -> None:
    async def story(machine: Machine) -> None:
        machine.give(messages.Prepare(FeatureSettings(models="embedded"), "another", 1280, 60.0, False))
        (unfit,) = await machine.until(messages.Unfit)
        assert "its models make features of words-1, and home needs another" in unfit.reason
        await machine.ended.wait()
        assert "the models here make features of words-1" in machine.session.dismissed

    with_machine(tmp_path, story)


def test_a_video_that_breaks_the_worker_process_is_named_and_the_next_task_is_done(tmp_path: Path) -> None:
    async def story(machine: Machine) -> None:
        machine.give(PREPARE)
        await machine.until(messages.ControlsExtracted)
        bad = b"breaks it"  # too few words for the cheap worker, whose process ends over that
        machine.give(*sent(1, bad), *sent(2, b"cats 1 1"), *sent(3, b"dogs 1 1"))
        lost = (await machine.until(messages.Lost))[-1]
        assert (lost.job, lost.in_flight) == (1, (fingerprint(bad),))
        assert "ended with exit code 1" in lost.reason
        done = await machine.until(JobDone)
        assert [one.transcript for one in done if isinstance(one, Extracted)] == ["cats"]
        assert [one.transcript for one in await machine.until(JobDone) if isinstance(one, Extracted)] == ["dogs"]
        async with asyncio.timeout(PATIENCE):
            while list(tmp_path.glob("task-*")):  # they are removed after the last word
                await asyncio.sleep(0.01)

    with_machine(tmp_path, story)


def test_a_task_of_which_nothing_can_be_had_ends_at_once(tmp_path: Path) -> None:
    async def story(machine: Machine) -> None:
        machine.give(PREPARE)
        await machine.until(messages.ControlsExtracted)
        task, piece = sent(1, b"cats 1 1")
        machine.give(
            task, messages.Piece(1, piece.fingerprint, b"cats", last=True), messages.Piece(9, "0" * 32, b"", last=True)
        )
        lacking, done = await machine.until(JobDone)
        assert isinstance(lacking, messages.Lacking)
        assert done == JobDone(1)

    with_machine(tmp_path, story)


def test_a_disk_that_takes_no_file_is_the_trouble_of_this_machine_and_of_no_video(tmp_path: Path) -> None:
    async def story(machine: Machine) -> None:
        (tmp_path / "task-0").write_bytes(b"no folder can be made here")
        machine.give(*sent(1, b"cats 1 1", b"dogs 1 1"))
        (lost,) = await machine.until(messages.Lost)
        assert (lost.job, lost.in_flight, lost.reason) == (1, (), "cannot keep files: File exists")
        assert machine.told == ["this machine cannot keep files: File exists"]

    with_machine(tmp_path, story)


def test_home_can_send_it_away_and_invalid_messages_end_the_session(tmp_path: Path) -> None:
    async def story(machine: Machine) -> None:
        machine.give(messages.Dismissed("this is version 2"))
        assert machine.ended.is_set()
        assert machine.session.dismissed == "this is version 2"

    with_machine(tmp_path, story)

    async def other(machine: Machine) -> None:
        machine.session.take(b"\x80\x04K\x01.")
        assert machine.session.dismissed.startswith("home sent an invalid message: ")

    (tmp_path / "other").mkdir()
    with_machine(tmp_path / "other", other)
