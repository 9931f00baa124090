"""Check that the worker has extracted the file that it was asked to extract.

The worker only gets a path, and the user may put another file there at any time. The features of that file must not be
taken for those of the content that was read before.
"""

from __future__ import annotations

import os
from pathlib import Path

from sorterd.library.files import FileId
from sorterd.library.scan import file_id
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.messages import (
    Extract,
    Extracted,
    ExtractFailed,
    Job,
    Pictured,
    Pictures,
    PicturesFailed,
    Report,
)


def verify_source(report: Report | WorkerLost, job: Job | None, root: Path, store: Store) -> Report | WorkerLost:
    """Return the report, unless the file at its path is no longer the one whose content we know.

    Device, inode, size and mtime show that: every write changes one of them. (ctime also changes when an attribute is
    set.) Then it is unknown which file was extracted, and a failure for which the video is not to blame is returned.
    """
    if not isinstance(report, Extracted | Pictured) or not isinstance(job, Extract | Pictures):
        return report
    if report.job != job.job:
        return report
    given = next((os.fsdecode(item.path) for item in job.items if item.fingerprint == report.fingerprint), None)
    known = None if given is None else store.files.at(os.path.relpath(given, root))
    if known is not None and known.fingerprint == report.fingerprint and lies_at(root / known.path, known.id):
        return report
    reason = "another file came into its place while it was looked at"
    failed = ExtractFailed if isinstance(report, Extracted) else PicturesFailed
    return failed(report.job, report.fingerprint, reason, transient=True)


def lies_at(path: Path, id: FileId) -> bool:
    """Return whether this very file lies there unchanged."""
    try:
        return file_id(path.lstat()) == id
    except OSError:
        return False
