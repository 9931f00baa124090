"""Limits that the worker sets itself before it opens an untrusted file.

A video may make a decoder allocate without end, write a core dump, or be taken over. Each limit costs the worker
nothing that it needs. Processor time is limited per job, because a worker may live for weeks. This limit works where
the daemon's time-out per video does not: when the daemon is stopped, or a decoder spins in its own threads.
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

_NICENESS = 5  # keeps a desktop responsive without making every video on a busy machine a time-out
_OPEN_FILES = 1024
_FILE_SIZE = 1 << 34  # 16 GiB: more than the largest checkpoint of a model hub, less than a disk
_LEAST_MEMORY = 1 << 32  # 4 GiB: models of the usual size fit on any machine

_DECODED = 1 << 28  # 256 MiB: what a decoder hands over is usually 5 MB

_PR_SET_PDEATHSIG = 1  # numbers of linux/prctl.h
_PR_SET_NO_NEW_PRIVS = 38


def apply() -> list[str]:
    """Set all limits for good. Return those that the system forbids to set, as a container or a unit may.

    Raise OSError if one fails for another reason.
    """
    steps: list[tuple[str, Callable[[], object]]] = [
        ("low priority", lambda: os.nice(_NICENESS)),
        ("limit of core dumps", lambda: _lower_limit(resource.RLIMIT_CORE, 0)),
        ("limit of open files", lambda: _lower_limit(resource.RLIMIT_NOFILE, _OPEN_FILES)),
        ("limit of the size of files", lambda: _lower_limit(resource.RLIMIT_FSIZE, _FILE_SIZE)),
    ]
    if sys.platform == "linux":
        memory = max(_LEAST_MEMORY, _physical_memory() // 2)
        steps += [
            # Data, not address space: torch and CUDA reserve much more than they ever touch. macOS enforces neither.
            ("limit of memory", lambda: _lower_limit(resource.RLIMIT_DATA, memory)),
            # When memory runs out, the kernel should end this process and not the daemon, which is small.
            ("first to go when memory is short", lambda: Path("/proc/self/oom_score_adj").write_text("500")),
            # No setuid program can give this process more rights.
            ("no new privileges", lambda: _prctl(_PR_SET_NO_NEW_PRIVS, 1)),
            # Ends with the daemon, even if that is killed with -9.
            ("end with the daemon", end_with_parent),
        ]
    return [what for what, take_on in steps if not _allowed(take_on)]


def apply_to_decoder() -> list[str]:
    """Set what is stricter for a process that only decodes, after `apply` in a parent. Return what is forbidden."""
    steps: list[tuple[str, Callable[[], object]]] = [
        ("limit of the size of files", lambda: _lower_limit(resource.RLIMIT_FSIZE, _DECODED)),
        ("limit of memory", lambda: _lower_limit(resource.RLIMIT_DATA, _LEAST_MEMORY)),
        ("end with its parent", end_with_parent),
    ]
    return [what for what, take_on in steps if not _allowed(take_on)]


def end_with_parent() -> None:
    """Have this process killed when the one that started it ends. Linux only."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _allowed(take_on: Callable[[], object]) -> bool:
    try:
        take_on()
    except ValueError:  # setrlimit's way to say EPERM
        return False
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EACCES, errno.EROFS):
            raise
        return False
    return True


def limit_processor_time(seconds: float) -> None:
    """Allow this process that many more seconds of processor time, `inf` for any amount. After that SIGXCPU ends it.

    If the system forbids to set limits, only the daemon's time-out is left.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = resource.RLIM_INFINITY if math.isinf(seconds) else math.ceil(time.process_time() + seconds)
    if hard != resource.RLIM_INFINITY:
        wanted = hard if wanted == resource.RLIM_INFINITY else min(wanted, hard)
    _allowed(lambda: resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard)))


def _lower_limit(what: int, limit: int) -> None:
    _, hard = resource.getrlimit(what)
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (limit, limit))


def _physical_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"prctl({option}): {os.strerror(error)}")
