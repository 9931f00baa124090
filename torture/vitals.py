"""Measure a process and a state folder. Linux only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sorterd.store.journal_file import JOURNAL
from sorterd.store.store import DATABASE

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Vitals:
    """Figures of one moment.

    They are the daemon's resident memory in MB, open files and threads, its worker's memory (0: none), and the sizes of
    the database, its log (WAL), the journal and the artifacts in MB.
    """

    rss: float
    files: int
    threads: int
    worker_rss: float
    database: float
    wal: float
    journal: float
    artifacts: float


def vitals(pid: int, workers: list[int], state: Path) -> Vitals:
    """Return the figures of a running service. Raise FileNotFoundError if it is gone."""
    status = (Path("/proc") / str(pid) / "status").read_text()
    return Vitals(
        rss=_kilobytes(status, "VmRSS") / 1024,
        files=len(list((Path("/proc") / str(pid) / "fd").iterdir())),
        threads=_kilobytes(status, "Threads"),
        worker_rss=max((resident(worker) for worker in workers), default=0.0),
        database=_size(state / DATABASE),
        wal=_size(state / f"{DATABASE}-wal"),
        journal=_size(state / JOURNAL),
        artifacts=sum(_size(path) for path in (state / "artifacts").glob("*")),
    )


def resident(pid: int, what: str = "VmRSS") -> float:
    """Return the resident memory of a process in MB, 0 if it is gone. `what` may be VmHWM, the peak."""
    try:
        return _kilobytes((Path("/proc") / str(pid) / "status").read_text(), what) / 1024
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0.0


def _kilobytes(status: str, name: str) -> int:
    return int(status.split(f"{name}:")[1].split()[0])


def _size(path: Path) -> float:
    try:
        return path.stat().st_size / MEGABYTE
    except FileNotFoundError:
        return 0.0
