"""Whether the worker has looked at what it was asked to look at.

A path is all that the worker gets, and the user may put another file there at any time. What is extracted from that
must not be taken for the content that was read before.
"""

from __future__ import annotations

import os
from pathlib import Path

from sorterd.library.files import FileId
from sorterd.library.scan import file_id
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.messages import Extract, Extracted, ExtractFailed, Job, Report


def verify_source(report: Report | WorkerLost, job: Job | None, root: Path, store: Store) -> Report | WorkerLost:
    """The report as it is, unless it tells of a file that is no longer the one whose content we know.

    That is what its device, inode, size and time say, which every writing changes; ctime is left out, as whoever sets
    an attribute changes that too. Then nobody can say which file was looked at, and the report becomes one of failure
    that is nobody's fault.
    """
    if not isinstance(report, Extracted) or not isinstance(job, Extract) or report.job != job.job:
        return report
    given = next((os.fsdecode(item.path) for item in job.items if item.fingerprint == report.fingerprint), None)
    known = None if given is None else store.files.at(os.path.relpath(given, root))
    if known is not None and known.fingerprint == report.fingerprint and lies_at(root / known.path, known.id):
        return report
    reason = "another file came into its place while it was looked at"
    return ExtractFailed(report.job, report.fingerprint, reason, transient=True)


def lies_at(path: Path, id: FileId) -> bool:
    """Whether this very file lies there, as it was."""
    try:
        return file_id(path.lstat()) == id
    except OSError:
        return False
