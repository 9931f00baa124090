"""The worker of `cheap_worker`, which sleeps as long over each video as real models work: its argument, in seconds."""

import sys
import time

from sorterd.worker.child import main as child
from sorterd.worker.job_messages import Extract
from sorterd.worker.report_messages import Extracted, JobDone, Started
from support.cheap_worker import VECTOR, Words, first_line
from support.service import program


def sleeping(seconds: float) -> tuple[str, ...]:
    """Return the command of such a worker."""
    return (*program("support.sleeping_worker"), str(seconds))


class Sleeping(Words):
    """Does the jobs of the real worker, in its time."""

    def _extract(self, job: Extract) -> None:
        for item in job.items:
            self._send(Started(job.job, item.fingerprint))
            word, _ = first_line(item.path)
            time.sleep(float(sys.argv[1]))
            self._send(Extracted(job.job, item.fingerprint, word.ljust(VECTOR, b"\0"), word.decode(), "en", "speech"))
        self._send(JobDone(job.job))


def main() -> None:
    """Work until the daemon has no more jobs."""
    child.main(Sleeping)
