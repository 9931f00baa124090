"""Check that the worker has extracted the file that it was asked to extract.

The worker only gets a path, and the user may put another file there at any time. What the worker says about that file
must not be taken for what it says about the content that was read before.
"""

from __future__ import annotations

import os
from pathlib import Path

from sorterd.library.files import FileId
from sorterd.library.scan import file_id
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Extract, Job, Pictures
from sorterd.worker.report_messages import Extracted, ExtractFailed, Pictured, PicturesFailed, Report

MOVED = "it was moved or replaced while it was looked at"
"""The reason of a failure for which no video is to blame."""


def verify_source(report: Report | WorkerLost, job: Job | None, root: Path, store: Store) -> Report | WorkerLost:
    """Return the report, unless the video that it is about is no longer where the job says that it lies.

    Then it is unknown which file was extracted, or failed, and a failure with the reason `MOVED` is returned.
    """
    if not isinstance(report, Extracted | ExtractFailed | Pictured | PicturesFailed):
        return report
    if not isinstance(job, Extract | Pictures) or report.job != job.job:
        return report
    given = next((os.fsdecode(item.path) for item in job.items if item.fingerprint == report.fingerprint), None)
    if given is not None and still_lies(Path(given), report.fingerprint, root, store):
        return report
    failed = ExtractFailed if isinstance(report, Extracted | ExtractFailed) else PicturesFailed
    return failed(report.job, report.fingerprint, MOVED, transient=True)


def still_lies(path: Path, fingerprint: str, root: Path, store: Store) -> bool:
    """Return whether the file at this path is still the one with this content.

    Device, inode, size and mtime show that: every write changes one of them. (ctime also changes when an attribute is
    set.)
    """
    known = store.files.at(os.path.relpath(path, root))
    return known is not None and known.fingerprint == fingerprint and lies_at(path, known.id)


def lies_at(path: Path, id: FileId) -> bool:
    """Return whether this very file lies there unchanged."""
    try:
        return file_id(path.lstat()) == id
    except OSError:
        return False
