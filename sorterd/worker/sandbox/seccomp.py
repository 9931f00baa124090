"""Give up system calls once the worker's models are loaded.

An attacker who takes over a decoder through a hostile video reaches no network, starts no program, signals nobody, and
changes no file's permissions or times.

A seccomp filter holds for all threads and cannot be undone. It is a few instructions of classic BPF (linux/filter.h),
so no library is needed. All sockets are refused, local ones too: behind them are programs that start others on request,
such as the session's message bus. It works on Linux on x86-64 and arm64. Elsewhere nothing is done. What Landlock
forbids is not repeated here.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, ...
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_SET_MODE_FILTER, _GET_ACTION_AVAIL, _ALL_THREADS = 1, 2, 1
# Answers of a kernel built without it, and of containers or units that filter system calls.
_NOT_OFFERED = (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EACCES)
_CLONE_THREAD = 0x10000
_FOREIGN_NUMBERS = 0x40000000  # x32: the calls of x86-64 under other numbers

_REFUSED_EVERYWHERE = (  # numbers that are the same on every architecture
    *(424, 425, 440),  # pidfd_send_signal, io_uring_setup, process_madvise
    *(452, 463, 466),  # fchmodat2, setxattrat, removexattrat
)
_CLONE3 = 435  # its flags are in memory, where a filter cannot look; if it seems missing, glibc calls clone


@dataclass(frozen=True, slots=True)
class _Machine:
    """System call numbers. `clone` may only make threads, and `prlimit64` only change the process's own limits."""

    audit: int
    seccomp: int
    clone: int
    prlimit64: int
    refused: tuple[int, ...]


_MACHINES = {
    "x86_64": _Machine(
        *(0xC000003E, 317, 56, 302),
        refused=(
            41,  # socket
            *(57, 58, 59, 322),  # fork, vfork, execve, execveat
            *(62, 200, 129, 297),  # kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo
            *(101, 310, 311),  # ptrace, process_vm_readv, process_vm_writev
            *(90, 91, 268),  # chmod, fchmod, fchmodat
            *(92, 93, 94, 260),  # chown, fchown, lchown, fchownat
            *(132, 235, 261, 280),  # utime, utimes, futimesat, utimensat
            *(188, 189, 190, 197, 198, 199),  # setxattr and removexattr, each with l and f
        ),
    ),
    "aarch64": _Machine(
        *(0xC00000B7, 277, 220, 261),
        refused=(
            198,  # socket
            *(221, 281),  # execve, execveat; fork is a clone
            *(129, 130, 138, 240),  # kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo
            *(117, 270, 271),  # ptrace, process_vm_readv, process_vm_writev
            *(52, 53),  # fchmod, fchmodat
            *(54, 55),  # fchownat, fchown
            88,  # utimensat
            *(5, 6, 7, 14, 15, 16),  # setxattr and removexattr, each with l and f
        ),
    ),
}

Step = tuple[int, str | int, str | int, int]  # code, where to go on if true and if not, value


def offered() -> bool:
    """Return whether this system has seccomp filters, as far as can be known without setting one."""
    if not _is_known_machine():
        return False
    action = ctypes.c_uint32(_ERROR)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(_MACHINES[platform.machine()].seccomp, _GET_ACTION_AVAIL, 0, ctypes.byref(action)) == 0:
        return True
    return ctypes.get_errno() == errno.EINVAL  # a kernel before 4.14 does not know the question


def _is_known_machine() -> bool:
    return sys.platform == "linux" and platform.machine() in _MACHINES


def give_up_calls() -> bool:
    """Give the calls up for good. Return False if the system has no way. Raise OSError if the kernel refuses.

    Needs no_new_privs (limits.apply).
    """
    if not _is_known_machine():
        return False
    machine = _MACHINES[platform.machine()]
    program = _assembled(_program(machine))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    filter_ = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(machine.seccomp, _SET_MODE_FILTER, _ALL_THREADS, filter_) != 0:
        error = ctypes.get_errno()
        if error in _NOT_OFFERED:
            return False
        raise OSError(error, f"seccomp: {os.strerror(error)}")
    return True


def _program(machine: _Machine) -> dict[str, list[Step]]:
    """Return the blocks of the filter by name.

    It begins with the first. A step without a named target goes on to the next.
    """
    return {
        "begin": [
            (_LOAD, 0, 0, _ARCHITECTURE),
            (_EQUAL, 0, "refuse", machine.audit),
            (_LOAD, 0, 0, _NUMBER),
            (_AT_LEAST, "refuse", 0, _FOREIGN_NUMBERS),
            (_EQUAL, "unknown", 0, _CLONE3),
            *((_EQUAL, "refuse", 0, number) for number in (*machine.refused, *_REFUSED_EVERYWHERE)),
            (_EQUAL, "thread", 0, machine.clone),
            (_EQUAL, 0, "allow", machine.prlimit64),
            (_LOAD, 0, 0, _FIRST_ARGUMENT),  # whose limits; 0: one's own
            (_EQUAL, "allow", "refuse", 0),
        ],
        "thread": [(_LOAD, 0, 0, _FIRST_ARGUMENT), (_ANY_BIT, "allow", "refuse", _CLONE_THREAD)],
        "refuse": [(_RETURN, 0, 0, _ERROR | errno.EPERM)],
        "unknown": [(_RETURN, 0, 0, _ERROR | errno.ENOSYS)],
        "allow": [(_RETURN, 0, 0, _ALLOW)],
    }


def _assembled(blocks: dict[str, list[Step]]) -> list[tuple[int, int, int, int]]:
    """Return one list of steps, with block names replaced by how many steps a jump skips."""
    steps: list[Step] = []
    places: dict[str, int] = {}
    for name, block in blocks.items():
        places[name] = len(steps)
        steps += block

    def way(there: str | int, at: int) -> int:
        return places[there] - at - 1 if isinstance(there, str) else there

    return [(code, way(yes, at), way(no, at), value) for at, (code, yes, no, value) in enumerate(steps)]
