"""One machine on core 0 against two on cores 0 and 1, with the real (embedded) models, a real coordinator and real
connections; and the same parts without any of that, each given to a worker process on cores of its own."""

from __future__ import annotations

import os
import queue
import random
import struct
import subprocess
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from daemon_costs import cpu_seconds

from sorterd.features.settings import FeatureSettings, FeatureSpace
from sorterd.library.fingerprint import fingerprint
from sorterd.pipeline.batch_size import USUAL, batch_size
from sorterd.pipeline.extracting import MOST_JOBS
from sorterd.pipeline.in_flight import InFlight
from sorterd.pipeline.throughput import Throughput
from sorterd.pool import authority
from sorterd.pool.control import CLIPS
from sorterd.pool.home.certificates import Certificates
from sorterd.pool.home.link import Link
from sorterd.pool.home.pool import Pool
from sorterd.pool.home.remote import PipelineAtHome, Remote, Terms
from sorterd.pool.invitation import invite
from sorterd.pool.messages import Listening
from sorterd.samples import SAMPLES
from sorterd.text import counted
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Describe, Extract, Item, Job
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Described, Extracted, Report, Step

SETTINGS = FeatureSettings(models="embedded", device="cpu")
ROUNDS, MANY = {48: 4, 144: 2, 576: 1}, 144
"""How many clips are extracted how often: runs of six seconds, of seventeen, and of a minute."""
WITH_ONE = 144
"""Clips for which one machine is not waited for if there are more."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of a run. `idle`: a machine on average, at the end, while others were at work.

    `engine`: of processor time for each machine, of all processes but those with models.
    """

    seconds: float
    idle: float = 0.0
    engine: float = 0.0


def real() -> None:
    """Print, for each number of clips, the mean seconds for the same clips and the quotients.

    Which clips, and in which order, is drawn for each round, because the control's halves are fixed before anybody
    knows how long its videos take. The last quotient is that with halves which happen to take equally long.
    """
    print("| clips | two machines: seconds | idle at the end | engine | control: seconds | idle at the end | ", end="")
    print("one machine | times one machine | times the control | without its idle end |")
    print("| --- " * 10 + "|", flush=True)
    with tempfile.TemporaryDirectory(prefix="pool-") as name:
        folder = Path(name)
        items = _videos(folder / "videos", max(ROUNDS))
        for amount, rounds in ROUNDS.items():
            one, two, control = [], [], []
            for number in range(rounds):  # in turns, because other programs may be running
                drawn = random.Random(number).sample(items, amount)
                control.append(_without_engine(folder, (drawn[::2], drawn[1::2]), "01"))
                two.append(_with_engine(folder, drawn, "01"))
                if amount <= WITH_ONE:
                    one.append(_with_engine(folder, drawn, "0"))
            both, halves = _mean(two), _mean(control)
            cells = [f"{both.seconds:.2f}", f"{both.idle:.2f}", f"{both.engine:.2f}", f"{halves.seconds:.2f}"]
            cells += [f"{halves.idle:.2f}", f"{_mean(one).seconds:.2f}" if one else ""]
            cells += [f"{_mean(one).seconds / both.seconds:.2f}" if one else "", f"{halves.seconds / both.seconds:.2f}"]
            cells += [f"{(halves.seconds - halves.idle) / both.seconds:.2f}"]
            print(f"| {amount} | {' | '.join(cells)} |", flush=True)


def _mean(all_took: Sequence[Took]) -> Took:
    means = (sum(values) / len(all_took) for values in zip(*(astuple(took) for took in all_took), strict=True))
    return Took(*means)


def many() -> None:
    """Print the seconds for the same clips of 1, 2, 4, ... machines of two cores, as many as there are cores for."""
    print(f"| {MANY} clips, embedded models, two cores each | seconds | of linear |")
    print("| --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(prefix="pool-") as name:
        folder, alone = Path(name), 0.0
        items = _videos(folder / "videos", MANY)
        pairs = [f"{core},{core + 1}" for core in range(0, (os.cpu_count() or 1) - 1, 2)]
        counts = [2**power for power in range(8) if 2**power <= len(pairs)]
        for machines in counts:
            took = _with_engine(folder, items, pairs[:machines]).seconds
            alone = alone or took
            print(f"| {counted(machines, 'machine')} | {took:.1f} | {alone / took / machines:.2f} |", flush=True)
        last = counts[-1]
        parts = [items[one::last] for one in range(last)]
        control = _without_engine(folder, parts, pairs[:last]).seconds
        print(f"| control: {last} parts, no engine | {control:.1f} | {alone / control / last:.2f} |", flush=True)


def _videos(root: Path, amount: int) -> list[Item]:
    """Make so many files of the samples: the same clips again and again, with other bytes at their end."""
    root.mkdir()
    items = []
    for number, clip in enumerate(islice(cycle(sorted(SAMPLES.rglob("*.mp4"))[:48]), amount)):
        path = root / f"{number}.mp4"
        path.write_bytes(clip.read_bytes() + struct.pack(">I4sI", 12, b"free", number))
        items.append(Item(fingerprint(path, lambda: False), os.fsencode(path)))
    return items


def _without_engine(folder: Path, parts: Sequence[Sequence[Item]], cores: Sequence[str]) -> Took:
    """Return the seconds in which worker processes, each on its cores, extract their parts.

    They have extracted the control clips before, as machines have when they join.
    """
    with ExitStack() as stack:
        workers = [stack.enter_context(_Alone.on(folder / f"alone{own}", own)) for own in cores]
        for worker in workers:
            worker.prepare()
        begun = time.monotonic()
        with ThreadPoolExecutor(len(workers)) as threads:
            ends = list(threads.map(_all, workers, parts))
        return Took(max(ends) - begun, max(ends) - sum(ends) / len(ends))


def _all(worker: _Alone, part: Sequence[Item]) -> float:
    """Extract a part. Return when it was done."""
    for start in range(0, len(part), USUAL):
        worker.do(Extract(start + 3, tuple(part[start : start + USUAL])))
    return time.monotonic()


@dataclass(slots=True)
class _Alone:
    """A worker process on some cores, without a daemon."""

    worker: Worker
    reports: queue.Queue[Report | WorkerLost]

    @classmethod
    @contextmanager
    def on(cls, folder: Path, cores: str) -> Iterator[_Alone]:
        folder.mkdir(exist_ok=True)
        reports: queue.Queue[Report | WorkerLost] = queue.Queue()
        setup = Setup(SETTINGS, os.fsencode(folder))
        command = ("taskset", "-c", cores, sys.executable, "-P", "-m", "sorterd.worker")
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

    def prepare(self) -> tuple[FeatureSpace, Mapping[str, bytes]]:
        """Load the models. Return the feature space, and what they make of the control clips."""
        found = self.do(Describe(1))[-1]
        assert isinstance(found, Described)
        made = self.do(Extract(2, tuple(Item(name, path) for name, path in CLIPS.items())))
        vectors = {report.fingerprint: report.vector for report in made if isinstance(report, Extracted)}
        return FeatureSpace(found.space, found.modalities, found.models, found.device), vectors

    def do(self, job: Job) -> list[Report | WorkerLost]:
        """Do a job and return its reports."""
        self.worker.submit(job)
        heard: list[Report | WorkerLost] = []
        while not heard or isinstance(heard[-1], Step):
            heard.append(self.reports.get(timeout=600))
        return heard


def _with_engine(folder: Path, items: Sequence[Item], cores: Sequence[str]) -> Took:
    """Return the seconds in which machines, one on each of these sets of cores, extract all."""
    space, vectors = _home(folder)
    keys = folder / f"keys{time.monotonic_ns()}"
    authority.make(keys, now=datetime.now(UTC))
    calls: queue.Queue[Callable[[], None]] = queue.Queue()
    reports: list[Report | WorkerLost] = []
    ports: list[int] = []
    joined: dict[str, Remote] = {}
    terms = Terms(folder / "videos", SETTINGS, space, 300.0, pictures=False, may_send=True)

    def left_by(name: str) -> None:
        del joined[name]

    def take(message: Any) -> None:
        calls.put(partial(heard, message))

    def heard(message: Any) -> None:
        if isinstance(message, Listening):
            ports.append(message.port)
        pool.take(message)
        link.read()

    link = Link(Certificates(keys), "127.0.0.1", 0, take=take, log=lambda _: None)
    pool = Pool(
        *(link, Certificates(keys), joined.__setitem__, left_by),
        home=PipelineAtHome(lambda: terms, reports.append, lambda _: None, lambda answer: answer(vectors, "")),
        say=partial(print, file=sys.stderr),
        clock=time.time,
    )

    def until(holds: Callable[[], object]) -> None:
        while not holds():
            calls.get(timeout=600)()

    link.start()
    hosts: list[subprocess.Popen[bytes]] = []
    try:
        until(lambda: ports)
        hosts.extend(_machine(folder, keys, own, ports[0]) for own in cores)
        until(lambda: len(joined) == len(cores))
        assert link.pid is not None
        engine = [os.getpid(), link.pid, *(host.pid for host in hosts)]
        begun, used, ends = time.monotonic(), sum(map(cpu_seconds, engine)), dict.fromkeys(joined, 0.0)
        left, busy, done, number = deque(items), InFlight(), 0, 0
        paces: dict[str, Throughput] = defaultdict(Throughput)

        def pace(name: str) -> float | None:
            return paces[name].per_minute(time.monotonic())

        def feed() -> bool:
            nonlocal number, done
            for report in reports:
                given = busy.take(report)
                assert given is not None
                assert not isinstance(report, WorkerLost), report
                ends[given.worker] = time.monotonic()
                if isinstance(report, Extracted):
                    done += 1
                    paces[given.worker].finished(time.monotonic())
            reports.clear()
            for depth in range(MOST_JOBS):
                for name, machine in joined.items():
                    if len(busy.at(name)) == depth and (
                        most := batch_size(name, busy, joined, pace, len(items) - done)
                    ):
                        batch = tuple(left.popleft() for _ in range(min(most, len(left))))
                        if batch:
                            number += 1
                            busy.add(Extract(number, batch, space.id, terms.space.extracted_width), name)
                            machine.submit(Extract(number, batch, space.id, terms.space.extracted_width))
            return not left and not busy

        until(feed)
        assert done == len(items)
        last, mean = max(ends.values()), sum(ends.values()) / len(ends)
        return Took(last - begun, last - mean, (sum(map(cpu_seconds, engine)) - used) / len(ends))
    finally:
        for host in hosts:
            host.terminate()
            with suppress(subprocess.TimeoutExpired):
                host.wait(20)
            host.kill()
        link.stop()


def _machine(folder: Path, keys: Path, cores: str, port: int) -> subprocess.Popen[bytes]:
    name = f"core{cores.replace(',', '-')}"
    file, address = keys.parent / f"{keys.name}-{name}.invitation", f"tls://127.0.0.1:{port}"
    file.write_bytes(invite(keys, name, address, now=datetime.now(UTC)))
    command = ["taskset", "-c", cores, sys.executable, "-m", "sorterd", "worker", "--invitation", str(file)]
    state = ["--state", str(folder / name), "--videos", str(folder / "videos")]
    return subprocess.Popen([*command, *state], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


_KNOWN: list[tuple[FeatureSpace, Mapping[str, bytes]]] = []


def _home(folder: Path) -> tuple[FeatureSpace, Mapping[str, bytes]]:
    """Return the feature space, and what home makes of the control clips."""
    if not _KNOWN:
        with _Alone.on(folder / "home", "0") as worker:
            _KNOWN.append(worker.prepare())
    return _KNOWN[0]
