"""One machine on core 0 against two on cores 0 and 1, with the real (embedded) models, a real coordinator and real
connections; and the same two halves without any of that, each given to a worker process on a core of its own."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sorterd.features.settings import FeatureSettings, FeatureSpace
from sorterd.library.fingerprint import fingerprint
from sorterd.pool import authority
from sorterd.pool.control import CLIPS
from sorterd.pool.home.certificates import Certificates
from sorterd.pool.home.link import Link
from sorterd.pool.home.pool import Pool
from sorterd.pool.home.remote import Terms
from sorterd.pool.invitation import invite
from sorterd.pool.messages import Listening
from sorterd.samples import SAMPLES
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Describe, Extract, Item, Job
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Described, Extracted, Report, Step

SETTINGS = FeatureSettings(models="embedded", device="cpu")
BATCH, CLIPS_USED = 4, 48


def real() -> None:
    """Print the seconds for the same clips and both quotients."""
    with tempfile.TemporaryDirectory(prefix="pool-") as name:
        folder = Path(name)
        items = _videos(folder / "videos")
        halves = items[::2], items[1::2]
        one, two, control = [], [], []
        for _ in range(2):  # in turns, because other programs may be running
            control.append(_without_engine(folder, halves))
            one.append(_with_engine(folder, items, 1))
            two.append(_with_engine(folder, items, 2))
        alone = min(one)
        print(
            f"| {len(items)} clips, embedded models, one core each | seconds | times one machine | times the control |"
        )
        print("| --- | --- | --- | --- |")
        print(f"| one machine, core 0 | {alone:.1f} | 1.00 | |")
        print(
            f"| two machines, cores 0 and 1 | {min(two):.1f} | {alone / min(two):.2f} | {min(control) / min(two):.2f} |"
        )
        print(f"| control: two halves, no engine | {min(control):.1f} | {alone / min(control):.2f} | 1.00 |")


def _videos(root: Path) -> list[Item]:
    root.mkdir()
    items = []
    for number, clip in enumerate(sorted(SAMPLES.rglob("*.mp4"))[:CLIPS_USED]):
        path = root / f"{number}.mp4"
        shutil.copyfile(clip, path)
        items.append(Item(fingerprint(path, lambda: False), os.fsencode(path)))
    return items


def _without_engine(folder: Path, halves: Sequence[Sequence[Item]]) -> float:
    """Return the seconds in which two worker processes, each on its core, extract their half."""
    with ExitStack() as stack:
        workers = [stack.enter_context(_Alone.on(folder / f"alone{core}", core)) for core in range(2)]
        spaces = [worker.do(Describe(1))[-1] for worker in workers]
        assert all(isinstance(space, Described) for space in spaces)
        begun = time.monotonic()
        threads = [
            threading.Thread(target=partial(_all, worker, half)) for worker, half in zip(workers, halves, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - begun


def _all(worker: _Alone, half: Sequence[Item]) -> None:
    for start in range(0, len(half), BATCH):
        worker.do(Extract(start + 2, tuple(half[start : start + BATCH])))


@dataclass(slots=True)
class _Alone:
    """A worker process on one core, without a daemon."""

    worker: Worker
    reports: queue.Queue[Report | WorkerLost]

    @classmethod
    @contextmanager
    def on(cls, folder: Path, core: int) -> Iterator[_Alone]:
        folder.mkdir(exist_ok=True)
        reports: queue.Queue[Report | WorkerLost] = queue.Queue()
        setup = Setup(SETTINGS, os.fsencode(folder))
        command = ("taskset", "-c", str(core), sys.executable, "-P", "-m", "sorterd.worker")
        worker = Worker(
            lambda: setup,
            report=reports.put,
            item_timeout=300,
            start_timeout=300,
            idle_unload=600,
            command=command,
            log=lambda _: None,
        )
        try:
            yield cls(worker, reports)
        finally:
            worker.stop()

    def do(self, job: Job) -> list[Report | WorkerLost]:
        """Do a job and return its reports."""
        self.worker.submit(job)
        heard: list[Report | WorkerLost] = []
        while not heard or isinstance(heard[-1], Step):
            heard.append(self.reports.get(timeout=600))
        return heard


@dataclass(slots=True)
class _Given:
    """The pipeline, as far as the pool needs it: the machines that were accepted, and reports."""

    machines: dict[str, Any] = field(default_factory=dict)

    def join(self, name: str, executor: Any) -> None:
        self.machines[name] = executor

    def leave(self, name: str) -> None:
        self.machines.pop(name, None)


def _with_engine(folder: Path, items: Sequence[Item], machines: int) -> float:
    """Return the seconds in which so many machines, each on its core, extract all."""
    space, vectors = _home(folder)
    keys = folder / f"keys{time.monotonic_ns()}"
    authority.make(keys, now=datetime.now(UTC))
    calls: queue.Queue[Callable[[], None]] = queue.Queue()
    reports: list[Report | WorkerLost] = []
    team, ports = _Given(), []
    terms = Terms(folder / "videos", SETTINGS, space, 300.0, pictures=False, may_send=True)

    def take(message: Any) -> None:
        calls.put(partial(heard, message))

    def heard(message: Any) -> None:
        if isinstance(message, Listening):
            ports.append(message.port)
        pool.take(message)
        link.read()

    link = Link(Certificates(keys), "127.0.0.1", 0, take=take, log=lambda _: None)
    pool = Pool(
        *(link, Certificates(keys), team, lambda: terms, reports.append),
        stay_home=lambda _: None,
        ask_home=lambda answer: answer(vectors, ""),
        say=lambda _: None,
        clock=time.time,
    )

    def until(holds: Callable[[], object]) -> None:
        while not holds():
            calls.get(timeout=600)()

    link.start()
    hosts = []
    try:
        until(lambda: ports)
        for core in range(machines):
            hosts.append(_machine(folder, keys, core, ports[0]))
        until(lambda: len(team.machines) == machines)
        begun = time.monotonic()
        left = [tuple(items[start : start + BATCH]) for start in range(0, len(items), BATCH)]
        in_flight: dict[int, str] = {}
        number = done = 0

        def feed() -> bool:
            nonlocal number, done
            for report in reports:
                if not isinstance(report, Step):
                    assert not isinstance(report, WorkerLost), report
                    in_flight.pop(report.job)
                done += isinstance(report, Extracted)
            reports.clear()
            for depth in range(2):
                for name, machine in team.machines.items():
                    if left and list(in_flight.values()).count(name) <= depth:
                        number += 1
                        in_flight[number] = name
                        machine.submit(Extract(number, left.pop(0), space.id, terms.space.extracted_width))
            return not left and not in_flight

        until(feed)
        assert done == len(items)
        return time.monotonic() - begun
    finally:
        for host in hosts:
            host.terminate()
            with suppress(subprocess.TimeoutExpired):
                host.wait(20)
            host.kill()
        link.stop()


def _machine(folder: Path, keys: Path, core: int, port: int) -> subprocess.Popen[bytes]:
    file, address = keys.parent / f"{keys.name}-{core}.invitation", f"tls://127.0.0.1:{port}"
    file.write_bytes(invite(keys, f"core{core}", address, now=datetime.now(UTC)))
    command = ["taskset", "-c", str(core), sys.executable, "-m", "sorterd", "worker", "--invitation", str(file)]
    state = ["--state", str(folder / f"machine{core}"), "--videos", str(folder / "videos")]
    return subprocess.Popen([*command, *state], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


_KNOWN: list[tuple[FeatureSpace, Mapping[str, bytes]]] = []


def _home(folder: Path) -> tuple[FeatureSpace, Mapping[str, bytes]]:
    """Return the feature space, and what home makes of the control clips."""
    if not _KNOWN:
        with _Alone.on(folder / "home", 0) as worker:
            found = worker.do(Describe(1))[-1]
            assert isinstance(found, Described)
            made = worker.do(Extract(2, tuple(Item(name, path) for name, path in CLIPS.items())))
        vectors = {report.fingerprint: report.vector for report in made if isinstance(report, Extracted)}
        _KNOWN.append((FeatureSpace(found.space, found.modalities, found.models, found.device), vectors))
    return _KNOWN[0]
