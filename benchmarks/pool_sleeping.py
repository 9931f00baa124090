"""Measure several workers that sleep over each video as long as real models work, so that all fit on any machine.

All else is real: the pipeline in front of them, the store, the processes and their pipes. Only the network between two
machines is missing.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from pathlib import Path

from sorterd.activity import Activity, Decided, Reporter, StageProgress, UserAction
from sorterd.config import Config, load_config
from sorterd.daemon.app import App, RunOptions, open_app
from sorterd.daemon.loop import Inbox
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.schedule import Stage
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.report_messages import Extracted, Report, Started

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.elsewhere import Elsewhere
from support.sleeping_worker import sleeping

Listener = Callable[[str, Report | WorkerLost], None]

SECONDS = 0.362
"""What a clip costs with the packaged models on a machine with 16 cores."""
VIDEOS = 480
WAITING, NEWCOMERS, SETTLE = 5_000, 10, 2.0


def scaling() -> None:
    """Print the rate of 1, 2, 4 and 8 workers against that of one, and of unequal ones against all added up."""
    print(f"{VIDEOS} videos of {SECONDS} s; 5:1:1 is such a worker and two that take five times as long")
    print("workers   videos/s   linear   quotient")
    one, slow = _rate([SECONDS]), _rate([5 * SECONDS], VIDEOS // 8)
    _row("1", one, one)
    for number in (2, 4, 8):
        _row(str(number), _rate([SECONDS] * number), number * one)
    _row("5:1:1", _rate([SECONDS, 5 * SECONDS, 5 * SECONDS]), one + 2 * slow)


STAGES = ("settled and found", "begun", "extracted", "decided")
"""What happens to a newcomer after it was dropped."""


def newcomer() -> None:
    """Print how long a video that comes into the inbox waits for its decision, with one and with four workers.

    All is counted from the drop, so the time in which a file has to settle is in it.
    """
    print(f"{NEWCOMERS} newcomers while {WAITING:,} videos wait; seconds from the drop, {SETTLE:g} of them to settle")
    print("workers   " + "   ".join(f"{stage:>22}" for stage in STAGES))
    for number in (1, 4):
        waits = _waits([SECONDS] * number)
        cells = []
        for stage in STAGES:
            seconds = sorted(wait[stage] for wait in waits)
            cells.append(f"{seconds[0]:5.1f} to {seconds[-1]:4.1f}, half {seconds[len(seconds) // 2]:4.1f}")
        print(f"{number:>7}   " + "   ".join(f"{cell:>22}" for cell in cells), flush=True)


def _row(name: str, rate: float, linear: float) -> None:
    print(f"{name:>7}   {rate:8.2f}   {linear:6.2f}   {rate / linear:8.3f}", flush=True)


def _rate(seconds: Sequence[float], videos: int = VIDEOS) -> float:
    """Return how many videos per second are done by workers that take so long over one. The first of them is here.

    That is from the moment at which each of them has done one, so without their starts, to the end of the last.
    """
    ends: list[float] = []
    first: dict[str, float] = {}

    def report(activity: Activity) -> None:
        if isinstance(activity, StageProgress) and activity.stage == "extract":
            ends.append(time.monotonic())

    def worked(name: str, message: Report | WorkerLost) -> None:
        if isinstance(message, Extracted):
            first.setdefault(name, time.monotonic())

    with _library(videos) as config, _pool(config, seconds, frozenset({"extract"}), report, worked) as app:
        app.loop.run(until_idle=True)
    assert len(ends) == videos
    began = max([ends[0], *first.values()])
    return sum(end > began for end in ends) / (ends[-1] - began)


def _waits(seconds: Sequence[float]) -> list[dict[str, float]]:
    """Return, for each newcomer, the seconds from the drop to each of STAGES."""
    names: dict[str, str] = {}  # of each newcomer, by its fingerprint
    at: dict[str, dict[str, float]] = {}
    trained, decided = threading.Event(), threading.Event()

    def reached(name: str, stage: str) -> None:
        if name in at:
            at[name].setdefault(stage, time.monotonic())

    def report(activity: Activity) -> None:
        if isinstance(activity, StageProgress) and activity.stage == "extract" and activity.done > WAITING // 20:
            trained.set()
        if isinstance(activity, UserAction):
            reached(activity.path, STAGES[0])
        if isinstance(activity, Decided) and activity.path in at:
            reached(activity.path, STAGES[3])
            decided.set()

    def worked(_worker: str, message: Report | WorkerLost) -> None:
        if isinstance(message, Started | Extracted):
            reached(names.get(message.fingerprint, ""), STAGES[1 + isinstance(message, Extracted)])

    def drop(folder: Path, app: App) -> None:
        trained.wait()
        for number in range(NEWCOMERS):
            path, content = folder / f"newcomer {number}.mp4", b"word1 %d 1" % (WAITING + number)
            names[blake2b(content, digest_size=16).hexdigest()] = path.name
            at[path.name] = {"": time.monotonic()}
            path.write_bytes(content)
            app.loop.hint()
            decided.wait()
            decided.clear()
            time.sleep(0.7 * number)  # at another moment of a batch each time
        app.loop.stop()

    stages: frozenset[Stage] = frozenset({"extract", "train", "predict"})
    with _library(WAITING) as config, _pool(config, seconds, stages, report, worked) as app:
        threading.Thread(target=drop, args=(config.videos, app), daemon=True).start()
        app.loop.run()
    return [{stage: times[stage] - times[""] for stage in STAGES} for times in at.values()]


@contextmanager
def _pool(
    config: Config,
    seconds: Sequence[float],
    stages: frozenset[Stage],
    report: Reporter,
    listen: Listener = lambda _name, _message: None,
) -> Iterator[App]:
    options = RunOptions(stages=stages, worker=sleeping(seconds[0]))
    with open_app(config, options, report, lambda _line: None) as app:
        here = app.loop.pipeline.workers.here
        assert isinstance(here, Worker)
        here._report = partial(_passed_on, listen, HERE, app.loop.inbox)
        for number, each in enumerate(seconds[1:], 2):
            name = f"worker {number}"
            app.loop.pipeline.dispatch.join(
                name, Elsewhere(sleeping(each), partial(_passed_on, listen, name, app.loop.inbox))
            )
        yield app


def _passed_on(listen: Listener, name: str, inbox: Inbox, message: Report | WorkerLost) -> None:
    listen(name, message)
    inbox.put(message)


@contextmanager
def _library(videos: int) -> Iterator[Config]:
    """Make four folders of 30 videos each, and all others unsorted, of which a quarter belong to these folders."""
    with tempfile.TemporaryDirectory(prefix="sorterd-pool-") as name:
        folder = Path(name)
        for part in ("videos", "state", *(f"videos/folder {number}" for number in range(4))):
            (folder / part).mkdir(mode=0o700)
        for number in range(videos):
            place = folder / "videos" / (f"folder {number % 4}" if number < 120 else "")
            word = number % (4 if number < 120 else 16)
            (place / f"{number}.mp4").write_bytes(b"word%d %d 1" % (word, number))
        config = f"videos: {folder / 'videos'}\nstate_dir: {folder / 'state'}\nwatch: {{settle_seconds: {SETTLE}}}\n"
        time.sleep(SETTLE + 0.5)  # so that none of them is an arrival
        (folder / "config.yaml").write_text(config + "train: {debounce_seconds: 1}\n")
        yield load_config(folder / "config.yaml")
