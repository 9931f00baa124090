"""Send damaged variants of real clips, among undamaged ones, through the real service and models."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path

from support import records
from support.clips import Samples
from support.outcome import Outcome
from support.records import Records
from support.service import Service, ServiceFailed, running, sorterd

from sorterd.samples import SAMPLES
from torture.mutations import MUTATIONS
from torture.options import Options

ONE_IN = 20  # of the files is undamaged
SILENCE = 300.0  # seconds without progress, after which the service counts as stuck


def fuzz(options: Options) -> Outcome:
    """Try a thousand damaged variants."""
    outcome = Outcome("fuzz", f"clips damaged in {len(MUTATIONS)} ways, among sound ones, through the real models")
    videos, sound = options.folder / "videos", set[str]()
    videos.mkdir()
    rng = random.Random(options.seed)
    clips = sorted(SAMPLES.rglob("*.mp4"))
    for number in range(options.times(1000)):
        mutation = MUTATIONS[number % len(MUTATIONS)]
        data = mutation(rng.choice(clips).read_bytes(), rng)
        (videos / f"{number} {mutation.__name__.replace('_', ' ')}.mp4").write_bytes(data)
        if number % ONE_IN == 0:
            name = f"{number} is sound.mp4"
            (videos / name).write_bytes(Samples().make("beach", f"{number:016d}", rng))
            sound.add(name)
    outcome.times = options.times(1000)
    _through(options, videos, sound, outcome)
    return outcome


def _through(options: Options, videos: Path, sound: set[str], outcome: Outcome) -> None:
    """Run one service over all files until each is extracted or has failed with a reason."""
    config = options.folder / "config.yaml"
    config.write_text(
        "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 1}\n"
        "features: {models: embedded, timeout_seconds: 20}\nlog: {level: debug, format: json}\n"
    )
    before = {path.name: path.read_bytes() for path in videos.iterdir()}
    with running(config) as service:
        found = _wait_for_all(options, service)
        status = json.loads(sorterd(config, "status", "--json").stdout)
        outcome.found["workers lost"] = status["worker"]["restarts"]
        if not (status["running"] and status["watcher"]["healthy"]):
            outcome.wrong.append(f"it is not well: {status}")
        if service.stop() != 0:
            outcome.wrong.append("the service did not end well")
    changed = [name for name, content in before.items() if (videos / name).read_bytes() != content]
    outcome.wrong += [f"touched: {name}" for name in changed]
    outcome.found["of them sound"] = len(sound)
    _sum_up(options, found, sound, outcome)


def _wait_for_all(options: Options, service: Service) -> Records:
    """Wait until every file was extracted or has failed. Raise ServiceFailed if the service ends or gets stuck."""
    files = sum(1 for _ in (options.folder / "videos").iterdir())
    done, since, reported = -1, time.monotonic(), 0
    while True:
        service.leave_alone(2.0)
        found = records.read(options.folder / "state")
        dealt_with = 0
        if found is not None:
            over = found.extracted.keys() | found.failures.keys()
            dealt_with = sum(content in over for content, _ in found.files.values()) + len(found.unreadable)
            if dealt_with == files:
                return found
        if dealt_with != done:
            done, since = dealt_with, time.monotonic()
        elif time.monotonic() - since > SILENCE:
            raise ServiceFailed(f"it is stuck at {done} of {files} files")
        if done >= reported + 100:
            reported = done
            options.say(f"  {done} of {files} files")


def _sum_up(options: Options, found: Records, sound: set[str], outcome: Outcome) -> None:
    fine, reasons = 0, Counter[str]()
    for path, (content, _) in found.files.items():
        reason = found.failures.get(content)
        fine += content in found.extracted
        if content in found.extracted:
            continue
        if path in sound:
            outcome.wrong.append(f"a sound file suffered: {path}: {reason}")
        if not reason:
            outcome.wrong.append(f"without a reason: {path}")
        reasons[_kind(reason or "")] += 1
        if "worker" in (reason or ""):
            options.say(f"  {path}: {reason}")
    outcome.found["could be read all the same"] = fine - len(sound & found.files.keys())
    outcome.found |= dict(reasons)
    outcome.found["too damaged to be read from disk"] = len(found.unreadable)


def _kind(reason: str) -> str:
    if "no sign of life" in reason:
        return "hangs cut"
    if "the worker" in reason:
        return "crashes contained"
    return "refused with a reason"
