"""No network once the models are loaded: whoever takes over a decoder through a hostile video reaches nobody.

A seccomp filter makes the kernel refuse every socket, local ones too (behind them sit programs that start others when
asked, such as the session's message bus), and io_uring, which could open them unseen. It holds for all threads and
cannot be taken off. Pairs of sockets, which reach nobody else, are left. The program is a few instructions of classic
BPF (linux/filter.h), so no library is needed. Linux on x86-64 and arm64; elsewhere nothing is done.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_IO_URING_SETUP = 425  # the same on every architecture
_FOREIGN_NUMBERS = 0x40000000  # x32: the calls of x86-64 once more under other numbers

# machine -> (AUDIT_ARCH_*, seccomp, socket)
_CALLS = {"x86_64": (0xC000003E, 317, 41), "aarch64": (0xC00000B7, 277, 198)}


def offered() -> bool:
    """Whether this system can do it, as far as can be told without doing it."""
    return sys.platform == "linux" and platform.machine() in _CALLS


def forbid() -> bool:
    """Forbid it to this process for good; False where the system offers no way. Raises OSError if the kernel refuses.

    Needs no_new_privs (limits.apply).
    """
    if not offered():
        return False
    architecture, seccomp, socket = _CALLS[platform.machine()]
    program = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 5, architecture),  # a jump goes so many instructions further: if true, if not
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 3, 0, _FOREIGN_NUMBERS),
        (_EQUAL, 2, 0, _IO_URING_SETUP),
        (_EQUAL, 1, 0, socket),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    filter_ = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(seccomp, _SET_MODE_FILTER, _ALL_THREADS, filter_) != 0:
        error = ctypes.get_errno()
        if error in (errno.ENOSYS, errno.EINVAL):  # a kernel built without it
            return False
        raise OSError(error, f"seccomp: {os.strerror(error)}")
    return True
