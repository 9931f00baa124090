"""Recognise files that are only in the cloud. macOS lists them with name and size and downloads them when read.

iCloud Drive and, through FileProvider, Dropbox, OneDrive, Box and Google Drive leave such files on a full disk or a new
computer. Reading a library of them would download all of it. A process can forbid that (setiopolicy_np(3)), and reading
then fails with EDEADLK. The default depends on what started the process: a terminal allows downloads, launchd does not.
Other systems have no such flag.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys

REASON = "is in the cloud only; open it to have it here, or set 'watch.download_from_cloud: true'"

_SF_DATALESS = 0x40000000  # sys/stat.h
_MATERIALIZE_DATALESS_FILES, _WHOLE_PROCESS, _OFF, _ON = 3, 0, 1, 2  # IOPOL_..., sys/resource.h


def holds_content(status: os.stat_result) -> bool:
    """Return whether a file's content is on this computer, given its `stat` or `lstat`, which download nothing."""
    return not getattr(status, "st_flags", 0) & _SF_DATALESS


def refused(error: int | None) -> bool:
    """Return whether this error number means that a file was not downloaded."""
    return sys.platform == "darwin" and error == errno.EDEADLK


def allow_downloads(allowed: bool) -> None:
    """Set whether reading may download files, for this process but not for those that it starts.

    Raise OSError if the system has such files and rejects the setting.
    """
    if sys.platform != "darwin":
        return
    setiopolicy = getattr(ctypes.CDLL(None, use_errno=True), "setiopolicy_np", None)
    policy = _ON if allowed else _OFF
    if setiopolicy is not None and setiopolicy(_MATERIALIZE_DATALESS_FILES, _WHOLE_PROCESS, policy) != 0:
        number = ctypes.get_errno()
        if number != errno.EINVAL:  # before macOS 10.15
            raise OSError(number, f"setiopolicy_np: {os.strerror(number)}")
