"""Files that are in a cloud only: macOS shows them with name and size, and fetches their content when they are read.

iCloud Drive and, by the same way (FileProvider), Dropbox, OneDrive, Box and Google Drive leave such files behind when a
disk gets full or on a new computer. Reading a library of them would fetch all of it, so a process can ask not to be
served (setiopolicy_np(3)): then reading fails with EDEADLK. Without asking it depends on who started the process: a
terminal fetches, launchd does not. Elsewhere than on macOS there is no such flag.
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
    """Given what `stat` or `lstat` tells of a file (which fetches nothing), whether its content is on this computer."""
    return not getattr(status, "st_flags", 0) & _SF_DATALESS


def refused(error: int | None) -> bool:
    """Whether the number of an error says that a file was not fetched."""
    return sys.platform == "darwin" and error == errno.EDEADLK


def allow_downloads(allowed: bool) -> None:
    """Say whether reading may fetch files from now on, for this process and not for those that it starts.

    Raise OSError if the system knows such files and refuses to be told.
    """
    if sys.platform != "darwin":
        return
    setiopolicy = getattr(ctypes.CDLL(None, use_errno=True), "setiopolicy_np", None)
    policy = _ON if allowed else _OFF
    if setiopolicy is not None and setiopolicy(_MATERIALIZE_DATALESS_FILES, _WHOLE_PROCESS, policy) != 0:
        number = ctypes.get_errno()
        if number != errno.EINVAL:  # before macOS 10.15
            raise OSError(number, f"setiopolicy_np: {os.strerror(number)}")
