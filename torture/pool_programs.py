"""The service and a machine, both with the cheap worker, which also prints when it begins with which video.

`python -m torture.pool_programs service --config FILE run`, or `... machine INVITATION ADDRESS STATE [VIDEOS]`; of an
odd kind with `machine:KIND`, see `outsiders`.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import support.cheap_service
from support.cheap_worker import Words

from sorterd.worker.child import main as child
from sorterd.worker.job_messages import Extract, Job
from sorterd.worker.messages import Send, Setup
from torture import outsiders

ROOT = Path(__file__).parents[1]


def program(what: str) -> tuple[str, ...]:
    """Return the command for "service", "machine" or "worker"."""
    paths = [str(ROOT), str(ROOT / "tests")]
    code = f"import sys; sys.path[:0] = {paths!r}; import torture.pool_programs as it; sys.exit(it.main())"
    return (sys.executable, "-c", code, what)


class NotingWords(Words):
    """Prints a line for each video before a job, which is nearly when it begins. An odd machine's reports are odd."""

    def __init__(self, setup: Setup, send: Send) -> None:
        super().__init__(setup, lambda report: send(outsiders.skewed(report)))

    def do(self, job: Job) -> None:
        """Do `job`."""
        if isinstance(job, Extract):
            for item in job.items:
                print("begins", item.fingerprint, time.time(), file=sys.stderr, flush=True)
        super().do(job)


def main() -> int:
    """Run one of them."""
    what, _, kind = sys.argv.pop(1).partition(":")
    if what == "worker":
        child.main(NotingWords)
        return 0
    if what == "service":
        support.cheap_service.WORKER = program("worker")
        return int(support.cheap_service.main())
    import pool.cheap_machine

    pool.cheap_machine.WORKER = program("worker")
    outsiders.become(kind)
    pool.cheap_machine.main(*sys.argv[1:])
    return 0
