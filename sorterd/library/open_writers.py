"""Ask the kernel whether somebody is still writing a file."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from pathlib import Path


def opened_to_write(path: Path | str, folder: int | None = None) -> bool | None:
    """Return whether a process has the file open for writing, or None if that is unknown.

    `path` may be a name in the open folder `folder`. Linux refuses a read lease with EAGAIN while anybody on this
    machine has the file open for writing, mapped files included (fcntl(2), F_SETLEASE). Unknown are: other systems,
    most network file systems, files of other users, and files that are gone.
    """
    if sys.platform != "linux":
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except BlockingIOError:  # somebody holds a write lease, as Samba does for a client that is writing
        return True
    except OSError:
        return None
    try:
        # If a writer comes while we hold the lease, the kernel sends a signal. SIGIO would end the process; SIGURG is
        # ignored by default. The lease is gone a moment later anyway, and the writer goes on.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return False
