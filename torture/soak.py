"""Run a busy library in fast motion, and check that the service's resources level off and nothing is lost."""

from __future__ import annotations

import os
import random
import signal
import statistics
import threading
import time
from contextlib import suppress
from dataclasses import fields

from support import records
from support.cheap_service import CHEAP
from support.clips import Texts
from support.comparison import compare
from support.ledger import Ledger
from support.outcome import Outcome
from support.service import Line, Service, run_once, running
from support.user import User

from torture.options import Options
from torture.vitals import Vitals, vitals

EVERY = 5.0  # seconds between two samples
KEPT = 100.0  # seconds that features outlive their video, instead of a month. Labels and rejections: 20 minutes
WORKER_LIVES = 30.0  # seconds until the worker is killed
# How far the median of the last third may exceed that of the middle one. The journal grows until the next start.
LEVEL = {"rss": 8.0, "files": 4.0, "threads": 1.0, "wal": 4.0, "database": 0.5}
SEEN_AFTER = 1.0


def soak(options: Options) -> Outcome:
    """Run for `minutes` with arrivals, drags, deletions, trainings, and a worker killed every half minute."""
    outcome = Outcome("soak", "minutes of a busy library: memory, files, threads, database (cheap models)")
    root, outside, config = options.folder / "videos", options.folder / "outside", options.folder / "config.yaml"
    config.write_text(
        "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 0.3, rescan_seconds: 20}\n"
        "train: {debounce_seconds: 0.2}\nfeatures: {models: embedded}\nlog: {level: debug, format: json}\n"
    )
    outside.mkdir()
    ledger, syncs, clips = Ledger(), [0.0], Texts(effort=1000, large=200_000)

    def hear(line: Line) -> None:
        if line["event"] == "looked":
            syncs[0] = time.monotonic() - float(line["seconds"]) - 0.05

    rng = random.Random(options.seed)
    user = User(
        root=root, config=config, outside=outside, clips=clips, ledger=ledger, rng=rng,
        rested=lambda touched: syncs[0] > touched + SEEN_AFTER, pause=0.05, most=150,
    )  # fmt: skip
    user.begin(filed=12)
    seconds = 60 * options.minutes * options.scale
    with running(config, (*CHEAP, "--kept", str(KEPT)), hear=hear, keep_log=False) as service:
        thread = threading.Thread(target=user.live)
        thread.start()
        try:
            samples = _sample(options, service, seconds, outcome, user)
        finally:
            user.stopping.set()
            thread.join()
        outcome.found["trainings"] = service.counts.get("trained", 0)
        if service.stop() != 0:
            outcome.wrong.append("the service did not end well")
    if user.error is not None:
        raise user.error
    outcome.times = round(seconds / 60)
    _check_level(samples, outcome)
    run_once(config, CHEAP).check_returncode()
    found = records.read(options.folder / "state")
    assert found is not None
    outcome.found |= {"contents ever": len(ledger.items), "moves": len(found.moves)}
    compare(root, ledger, found, outcome)
    return outcome


def _sample(options: Options, service: Service, seconds: float, outcome: Outcome, user: User) -> list[Vitals]:
    samples: list[Vitals] = []
    began = killed = time.monotonic()
    outcome.count("workers killed", 0)
    while time.monotonic() - began < seconds and user.error is None:
        service.leave_alone(EVERY)
        workers = service.workers()
        samples.append(vitals(service.pid, workers, options.folder / "state"))
        if time.monotonic() - killed > WORKER_LIVES and workers:
            killed = time.monotonic()
            with suppress(ProcessLookupError):
                os.kill(workers[0], signal.SIGKILL)
                outcome.count("workers killed")
        if len(samples) % 24 == 0:
            options.say(f"  {samples[-1]}")
    return samples


def _check_level(samples: list[Vitals], outcome: Outcome) -> None:
    """Compare the last third of the time with the middle third, for the database per move and content."""
    third = len(samples) // 3
    for field in fields(Vitals):
        values = [float(getattr(sample, field.name)) for sample in samples]
        first, middle, last = (
            statistics.median(part or [0.0]) for part in (values[:third], values[third : 2 * third], values[-third:])
        )
        outcome.found[f"{field.name} by thirds"] = f"{first:.1f}, {middle:.1f}, {last:.1f}"
        if last - middle > LEVEL.get(field.name, float("inf")):
            outcome.wrong.append(f"{field.name} does not level off: {middle:.1f}, then {last:.1f}")
