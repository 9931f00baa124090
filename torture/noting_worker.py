"""The cheap worker, which also prints when it begins with which video."""

from __future__ import annotations

import sys
import time

from support.cheap_worker import Words

from sorterd.worker.child import main as child
from sorterd.worker.job_messages import Extract, Job
from sorterd.worker.messages import Send, Setup
from torture.outsiders import skewed


class NotingWords(Words):
    """Prints a line for each video before a job, which is nearly when it begins. An odd machine's reports are odd."""

    def __init__(self, setup: Setup, send: Send) -> None:
        super().__init__(setup, lambda report: send(skewed(report)))

    def do(self, job: Job) -> None:
        """Do `job`."""
        if isinstance(job, Extract):
            for item in job.items:
                print("begins", item.fingerprint, time.time(), file=sys.stderr, flush=True)
        super().do(job)


def main() -> None:
    """Work until the daemon has no more jobs."""
    child.main(NotingWords)


if __name__ == "__main__":
    main()
