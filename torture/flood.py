"""Drop ten thousand files at once and move in a folder of two thousand, while the service is stopped."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from support.cheap_service import CHEAP
from support.outcome import Outcome
from support.service import Service, ServiceFailed, running, sorterd

from sorterd.store.store import DATABASE
from torture.options import Options
from torture.vitals import resident

DROPPED, MOVED_IN = 10_000, 2_000
MOST_EXTRACTED = 4_000  # of them are waited for
SILENCE = 300.0
MOST_GROWTH = 64.0  # MB: five kilobytes per file
ONE_IN = 10  # of the dropped files is of a category


def flood(options: Options) -> Outcome:
    """Check that all files are found, how long that takes, and how much memory."""
    outcome = Outcome("flood", "files dropped at once and a folder of files moved in, the event queue overflowing")
    root, outside, config = options.folder / "videos", options.folder / "parcel", options.folder / "config.yaml"
    config.write_text(
        "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 1}\ntrain: {debounce_seconds: 0.5}\n"
        "features: {models: embedded}\nlog: {level: debug, format: json}\n"
    )
    for word in ("cats", "dogs"):
        (root / word).mkdir(parents=True)
        for number in range(10):
            (root / word / f"{number}.mp4").write_text(f"{word} {number} 1\nfiled")
    dropped, moved_in = options.times(DROPPED), options.times(MOVED_IN)
    outcome.times = dropped + moved_in
    with running(config, CHEAP, keep_log=False) as service:
        service.wait_for("trained")
        service.leave_alone(2.0)
        before = resident(service.pid)
        service.process.send_signal(signal.SIGSTOP)
        _pour(root, outside, dropped, moved_in)
        time.sleep(1.5)  # all files have settled when the service wakes up
        service.process.send_signal(signal.SIGCONT)
        began = time.monotonic()
        known = _wait(options, service, "SELECT count(*) FROM files", dropped + moved_in + 20)
        outcome.found["seconds until all are known"] = round(known - began, 1)
        wanted = min(dropped + moved_in, MOST_EXTRACTED) + 20
        done = _wait(options, service, "SELECT count(*) FROM features", wanted)
        outcome.found["extracted"] = wanted - 20
        outcome.found["seconds until these are extracted"] = round(done - began, 1)
        service.leave_alone(3.0)
        _check_memory(outcome, before, service.pid)
        status = json.loads(sorterd(config, "status", "--json").stdout)
        if not status["watcher"]["healthy"] or status["errors"]:
            outcome.wrong.append(f"it is not well: {status['watcher']} {status['errors'][:3]}")
        overflowed = any("overflow" in line["line"].lower() for line in service.events("other"))
        outcome.found["event queue overflowed"] = "yes" if overflowed else "no"
        if service.stop() != 0:
            outcome.wrong.append("the service did not end well")
    found = subprocess.run(["find", str(root), "-name", "*.mp4"], capture_output=True, text=True, check=True).stdout
    outcome.found["files lost"] = lost = dropped + moved_in + 20 - len(found.splitlines())
    if lost:
        outcome.wrong.append(f"{lost} files lost")
    return outcome


def _pour(root: Path, outside: Path, dropped: int, moved_in: int) -> None:
    outside.mkdir()
    for number in range(moved_in):
        (outside / f"{number}.mp4").write_text(f"birds {number} 1\nmoved in")
    for number in range(dropped):
        word = "cats" if number % ONE_IN == 0 else "something"
        (root / f"new {number}.mp4").write_text(f"{word} {number} 1\ndropped")
    outside.rename(root / "birds")


def _wait(options: Options, service: Service, query: str, wanted: int) -> float:
    """Wait until the query returns at least `wanted`. Return when. Raise ServiceFailed if it stops growing before."""
    answer, since = -1, time.monotonic()
    with closing(_database(options)) as database:
        while True:
            (found,) = database.execute(query).fetchone()
            if found >= wanted:
                return time.monotonic()
            if found != answer:
                answer, since = found, time.monotonic()
            elif time.monotonic() - since > SILENCE:
                raise ServiceFailed(f"stuck at {answer} of {wanted}: {query}")
            service.leave_alone(0.5)


def _database(options: Options) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{options.folder / 'state' / DATABASE}?mode=ro", uri=True, timeout=60.0)


def _check_memory(outcome: Outcome, before: float, pid: int) -> None:
    after, most = resident(pid), resident(pid, "VmHWM")
    outcome.found |= {"MB before": round(before), "MB after": round(after), "MB at most": round(most)}
    if sys.platform == "linux" and after - before > MOST_GROWTH:
        outcome.wrong.append(f"memory grew from {before:.0f} to {after:.0f} MB")
