"""Check that the worker's memory does not grow while it extracts the sample clips over and over.

    python benchmarks/worker_growth.py [--videos 1000] [--folder FOLDER]      with the packaged models

Memory is printed every hundred videos. It grows during the first hundred: heaps reach the size of the largest batch,
and code that runs for the first time is read in. Then it varies by some 80 MiB with what is decoded, and should not
climb. The last line compares the mean of the second half with that of the first. Memory is what the kernel
counts as resident, including mapped pages of files (libraries, weights). "own" excludes those.
"""

from __future__ import annotations

import argparse
import os
import queue
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import fmean

from sorterd.features.settings import FeatureSettings
from sorterd.samples import SAMPLES
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Describe, Extract, Item, Job
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Extracted as Done
from sorterd.worker.report_messages import Report, Started

JOB = 8
"""Videos per job, as the daemon hands them out."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=1000)
    parser.add_argument("--folder", type=Path, default=SAMPLES, help="take the videos in here")
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.rglob("*.*") if path.suffix != ".json" and path.is_file())
    reports: queue.Queue[Report | WorkerLost] = queue.Queue()
    with tempfile.TemporaryDirectory() as state:
        setup = Setup(FeatureSettings(models="embedded", device="cpu"), os.fsencode(state))
        worker = Worker(lambda: setup, report=reports.put, item_timeout=300, start_timeout=300, idle_unload=300)
        try:
            _do(Describe(0), worker, reports)
            print(f"with {len(paths)} videos, over and over\nvideos   resident MiB   own MiB   seconds")
            _print(0, worker, 0.0)
            begun, own = time.monotonic(), []
            for first in range(0, options.videos, JOB):
                numbers = islice(range(options.videos), first, first + JOB)
                items = tuple(Item(str(number), os.fsencode(paths[number % len(paths)])) for number in numbers)
                _do(Extract(first + 1, items), worker, reports)
                done = first + len(items)
                if done // 100 > first // 100:
                    own.append(_print(done, worker, time.monotonic() - begun))
            modalities = own[: len(own) // 2], own[len(own) // 2 :]
            print(f"own memory, second half against first: {fmean(modalities[1]) - fmean(modalities[0]):+.0f} MiB")
        finally:
            worker.stop()


def _do(job: Job, worker: Worker, reports: queue.Queue[Report | WorkerLost]) -> None:
    """Do the job. Raise SystemExit if a video gives no features."""
    worker.submit(job)
    while isinstance(report := reports.get(), Started | Done):
        pass
    if type(report).__name__ not in ("JobDone", "Described"):
        raise SystemExit(f"{report}")


def _print(videos: int, worker: Worker, seconds: float) -> int:
    """Print a line on the worker's memory now. Return its own memory in MiB."""
    rollup = dict(line.split()[:2] for line in Path(f"/proc/{worker.pid}/smaps_rollup").read_text().splitlines()[1:])
    resident, own = (int(rollup[name]) // 1024 for name in ("Rss:", "Anonymous:"))
    print(f"{videos:6}{resident:15}{own:10}{seconds:10.0f}", flush=True)
    return own


if __name__ == "__main__":
    main()
