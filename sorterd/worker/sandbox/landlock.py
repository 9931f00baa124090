"""Forbid the worker to write anywhere but in its own folders.

An attacker who takes over a decoder through a hostile video can neither change nor remove any of the user's files, nor
signal the user's processes.

Landlock (linux/landlock.h, kernel 5.13 and later) is called by system call numbers, which are the same on every
architecture, so no library is needed. It holds for the calling thread and all that it starts from then on, so it is
called before other threads exist. It cannot be undone. Reading stays allowed: libraries, models and videos lie
anywhere. Other systems than Linux have none, and nothing is done there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import struct
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_WRITE_FILE, _REFER, _TRUNCATE = 1 << 1, 1 << 13, 1 << 14
_READ = 1 << 2 | 1 << 3  # READ_FILE, READ_DIR
_MAKE_AND_REMOVE = sum(1 << bit for bit in range(4, 13))  # REMOVE_DIR ... MAKE_SYM
_SIGNALS = 1 << 1  # LANDLOCK_SCOPE_SIGNAL, since version 6
# Answers of a kernel without it or with it turned off, and of containers or units that filter system calls.
_UNKNOWN = (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EACCES)

SCRATCH = ".scratch"  # in the artifacts folder: for temporary files


def confine(writable: Iterable[Path], readable: Iterable[Path] | None = None) -> bool:
    """Forbid this process for good to write anywhere except beneath these folders and to devices.

    With `readable`, forbid it also to read anywhere except beneath those, the writable ones, devices and /proc.
    Return False if the system has no Landlock. Folders that do not exist are left out. Raise OSError if the kernel
    refuses. Needs no_new_privs (limits.apply).
    """
    version = _version()
    if version < 1:
        return False
    rights = _WRITE_FILE | _MAKE_AND_REMOVE
    rights |= _REFER if version >= 2 else 0
    rights |= _TRUNCATE if version >= 3 else 0
    reading = 0 if readable is None else _READ
    known = struct.pack("QQQ", rights | reading, 0, _SIGNALS)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = _call(_CREATE_RULESET, known, len(known), 0)
    try:
        for folder in writable:
            _allow(ruleset, folder, rights | reading)
        for folder in (Path("/dev"), Path("/proc/self")):  # /dev/null, graphics cards; the names of threads
            _allow(ruleset, folder, rights & (_WRITE_FILE | _TRUNCATE) | reading)
        for folder in (*(readable or ()), *((Path("/proc"),) if reading else ())):
            _allow(ruleset, folder, reading)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def offered() -> bool:
    """Return whether this system has Landlock."""
    return _version() >= 1


def own_folders(artifacts: Path, environment: Mapping[str, str], *, hub: bool) -> list[Path]:
    """Return where the worker may write: its artifacts and, with `hub`, where libraries keep fetched models."""
    if not hub:
        return [artifacts]
    home = Path(environment.get("HOME", "/nowhere"))
    # Not the whole cache: uv links files in it into environments, so writing there would be writing into programs.
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    caches = [cache / name for name in ("huggingface", "clip", "torch")]
    caches += [Path(environment[name]) for name in ("HF_HOME", "HF_HUB_CACHE", "TORCH_HOME") if environment.get(name)]
    return [artifacts, *caches]


def empty_scratch(artifacts: Path) -> Path | None:
    """Return an empty folder for temporary files, or None if there are no artifacts.

    Files of earlier workers are removed.
    """
    scratch = artifacts / SCRATCH
    if not artifacts.is_dir():
        return None
    if scratch.is_symlink() or scratch.is_file():
        scratch.unlink()
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, exist_ok=True)
    return scratch


def _version() -> int:
    """Return the version of Landlock in the kernel, 0 for none."""
    if sys.platform != "linux":
        return 0
    try:
        return _call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError as error:
        if error.errno in _UNKNOWN:
            return 0
        raise


def _allow(ruleset: int, folder: Path, rights: int) -> None:
    try:
        descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = int(libc.syscall(ctypes.c_long(number), *passed))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"landlock: {os.strerror(error)}")
    return result
