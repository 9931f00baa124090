"""Measure what the daemon costs, each figure with a plain baseline of the same run.

    python benchmarks/daemon_costs.py                 all of it
    python benchmarks/daemon_costs.py idle start      some of it

idle     memory and processor of a service with nothing to do, beside a Python that only sleeps
start    a start with 10,000 known, unchanged files, beside reading every name and stat of the same tree
arrival  from the end of a copy of a clip into the root to its decision, worker warm, beside the settle time
backlog  the same for five clips, one after the other, while 300 others are being extracted
queue    what one of 10,000 waiting videos costs the daemon besides its models, beside keeping as many vectors in SQLite
drag     from a drag to the new model in use with 500 labelled videos, beside the debounce time
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from sorterd.config import Config, load_config
from sorterd.demo.library import install
from sorterd.library.fingerprint import fingerprint
from sorterd.pipeline import feature_space
from sorterd.samples import SAMPLES
from sorterd.store.features import Features
from sorterd.store.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.cheap_service import CHEAP
from support.service import REAL, Service, running

SETTLE, DEBOUNCE, QUIET = 2.0, 2.0, 20.0
WAITING, EXTRACTED = 10_000, 6_000


def idle(folder: Path) -> None:
    """Measure the memory and processor time of a service that has nothing to do."""
    config = _config(folder)
    (config.videos / "cats").mkdir(parents=True)
    with _service(folder) as service, _python("import time; time.sleep(3600)") as plain:
        service.wait_for("started")
        before = cpu_seconds(service.pid)
        service.leave_alone(QUIET)
        used = 100 * (cpu_seconds(service.pid) - before) / QUIET
        print(f"idle     {_resident(service.pid):.0f} MB resident, {used:.2f} % of one core", end="")
        print(f"   (a Python that sleeps: {_resident(plain.pid):.0f} MB)")


def start(folder: Path) -> None:
    """Measure a start with 10,000 known files, of which none is read or extracted."""
    config = _config(folder)
    for number in range(10_000):
        place = config.videos / f"category {number % 50}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.mp4").write_bytes(b"video %d" % number)
    _extracted(folder, config)
    begun = time.perf_counter()
    with _service(folder) as service:
        service.wait_for("looked")
        took = time.perf_counter() - begun
    begun = time.perf_counter()
    subprocess.run(["find", str(config.videos), "-printf", "%s"], check=True, stdout=subprocess.DEVNULL)
    plain = time.perf_counter() - begun
    print(f"start    {took:.2f} s until 10,000 files are known to be unchanged   (find -printf %s: {plain:.2f} s)")


def arrival(folder: Path) -> None:
    """Measure the decision on a clip dropped into the inbox of the sample library, with a warm worker."""
    library = install(folder / "videos")
    config = _config(folder)
    clips = sorted(SAMPLES.glob("*.mp4"))
    for clip in clips[1:]:
        (library.folder / clip.name).unlink()
    with _service(folder) as service:
        service.wait_for("trained")
        service.wait_for("moved", "left in the inbox")
        shutil.copyfile(clips[1], config.videos / clips[1].name)
        begun = time.perf_counter()
        service.wait_for("moved", "left in the inbox")
        took = time.perf_counter() - begun
    print(f"arrival  {took:.1f} s from the end of the copy to the decision   (settle time {SETTLE:g} s)")


def backlog(folder: Path) -> None:
    """Measure the decision on clips that arrive one by one while hundreds wait."""
    library = install(folder / "videos")
    config = _config(folder)
    clips = sorted(SAMPLES.glob("*.mp4"))
    for number in range(300):
        _another(clips[number % len(clips)], library.folder / f"waiting {number}.mp4", number)
    waits = []
    with _service(folder) as service:
        service.wait_for("trained")
        for number in range(5):
            service.wait_for("progress", stage="extract")
            newcomer = config.videos / f"newcomer {number}.mp4"
            _another(clips[number], newcomer, 1000 + number)
            begun = time.perf_counter()
            service.wait_for("moved", "left in the inbox", path=newcomer.name)
            waits.append(time.perf_counter() - begun)
        left = service.wait_for("progress", stage="extract")
    shown = ", ".join(f"{wait:.1f}" for wait in sorted(waits))
    waiting = left["total"] - left["done"]
    print(f"backlog  {shown} s from the end of the copy to the decision, {waiting} others waiting", end="")
    print(f"   (settle time {SETTLE:g} s)")


def queue(folder: Path) -> None:
    """Measure ten thousand videos in the queue with a worker that needs no time, and a plain table of vectors.

    A third are labelled and come first. Those in the inbox follow and are predicted too. None is moved.
    """
    config = _config(folder, "move: {dry_run: true}\n")
    for number in range(WAITING):
        place = config.videos / f"category {number % 20}" if number % 3 == 0 else config.videos
        place.mkdir(exist_ok=True)
        (place / f"{number}.mp4").write_bytes(b"word%d %d 1" % (number % 20, number))
    with _service(folder, CHEAP) as service:
        service.wait_for("progress", stage="extract", done=WAITING // 10)
        used, begun = cpu_seconds(service.pid), time.perf_counter()
        entry = service.wait_for("progress", stage="extract", done=WAITING // 10 + EXTRACTED)
        took, used = time.perf_counter() - begun, cpu_seconds(service.pid) - used
    plain_used, plain_took = _plain_table(folder / "plain.sqlite3")
    per = 1000 / EXTRACTED
    print(f"queue    {used * per:.1f} ms of processor, {took * per:.1f} ms in all per video,", end=" ")
    print(f"{entry['total'] - entry['done']} waiting", end="")
    print(f"   (vectors into a plain table: {plain_used * per:.1f} and {plain_took * per:.1f} ms)")


def _plain_table(path: Path) -> tuple[float, float]:
    """Write as many vectors, each synced to disk before the next. Return the seconds of processor and of wall clock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as table:
        table.execute("PRAGMA journal_mode = WAL")
        table.execute("PRAGMA synchronous = FULL")
        table.execute("CREATE TABLE features (name TEXT PRIMARY KEY, vector BLOB)")
        used, begun = time.process_time(), time.perf_counter()
        for number in range(EXTRACTED):
            table.execute("INSERT INTO features VALUES (?, ?)", (os.urandom(16).hex(), b"%d" % number * 1280))
        return time.process_time() - used, time.perf_counter() - begun


def _another(clip: Path, target: Path, number: int) -> None:
    """Copy the clip, made different by a box at its end that players skip."""
    content = clip.read_bytes() + (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")
    target.write_bytes(content)


def drag(folder: Path) -> None:
    """Measure the time from one drag among 500 labelled videos to the model that knows it."""
    config = _config(folder)
    for number in range(510):
        place = config.videos / f"category {number % 8}" if number < 500 else config.videos
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.mp4").write_bytes(b"video %d" % number)
    _extracted(folder, config)
    with _service(folder) as service:
        service.wait_for("trained")
        (config.videos / "505.mp4").rename(config.videos / "category 3" / "505.mp4")
        begun = time.perf_counter()
        service.wait_for("trained")
        took = time.perf_counter() - begun
    print(f"drag     {took:.1f} s from the drag to the new model in use   (debounce time {DEBOUNCE:g} s)")


@contextmanager
def _service(folder: Path, program: Sequence[str] = REAL) -> Iterator[Service]:
    with running(folder / "config.yaml", program, keep_log=False) as service:
        yield service
        service.stop()


@contextmanager
def _python(code: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        yield process
        process.kill()


def _config(folder: Path, more: str = "") -> Config:
    (folder / "config.yaml").write_text(
        f"videos: videos\nstate_dir: state\nwatch: {{settle_seconds: {SETTLE}}}\n"
        f"train: {{debounce_seconds: {DEBOUNCE}}}\nfeatures: {{models: embedded}}\n"
        f"log: {{level: debug, format: json}}\n{more}"
    )
    (folder / "videos").mkdir(exist_ok=True)
    return load_config(folder / "config.yaml")


def _extracted(folder: Path, config: Config) -> None:
    """Let the service find its models and the files, then give every file made-up features."""
    with _service(folder) as service:
        service.wait_for("looked")
        service.wait_for("using the embedded models on cpu", "using the embedded models on cuda")
    store = Store.open(config.state_dir)
    found = feature_space.remembered(store.notes, config.feature_settings())
    assert found is not None
    rng = np.random.default_rng(0)
    known = store.files.known().files
    centres = {file.category: rng.normal(size=sum(found.widths)) for file in known.values()}
    store.connection.execute("DELETE FROM failures")
    with store.transaction():
        for file in known.values():
            assert file.fingerprint == fingerprint(config.videos / file.path, lambda: False)
            vector = (centres[file.category] + rng.normal(size=sum(found.widths))).astype("<f4")
            unit = (vector / np.linalg.norm(vector)).astype("<f4")
            store.features.add(Features(file.fingerprint, unit.tobytes(), "", "", "none"), found.id, now=0.0)
    store.close()


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def cpu_seconds(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


BENCHMARKS: dict[str, Callable[[Path], None]] = {
    one.__name__: one for one in (idle, start, arrival, backlog, queue, drag)
}


def main() -> None:
    """Run the benchmarks named on the command line, or all."""
    for name in sys.argv[1:] or list(BENCHMARKS):
        with tempfile.TemporaryDirectory() as folder:
            BENCHMARKS[name](Path(folder))


if __name__ == "__main__":
    main()
