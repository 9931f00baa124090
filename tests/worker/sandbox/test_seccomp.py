"""Once its models are loaded, the worker is refused what could harm others.

In subprocesses, because seccomp cannot be undone.
"""

import errno
import platform
import signal
import subprocess
from pathlib import Path

import pytest
from support.other_process import attempts, printed

from sorterd.worker.sandbox import seccomp

pytestmark = pytest.mark.skipif(not seccomp.offered(), reason="this system offers no way")

WITHOUT_CALLS = """
import os, resource, socket, subprocess, sys, threading
from sorterd.worker.sandbox import limits, seccomp
limits.apply()
seccomp.give_up_calls()
name = sys.argv[1]
"""
EVIL = (
    "socket.socket()",
    "socket.socket(socket.AF_UNIX)",
    "os.fork() or os._exit(0)",
    "subprocess.run(['true'])",
    "os.execv('/bin/true', ['true'])",
    "os.kill(os.getppid(), 0)",
    "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
    "os.chmod(name, 0)",
    "os.utime(name, (0, 0))",
)


def printed_without_calls(tmp_path: Path, code: str) -> str:
    """Return what `code` prints in a process that has given up the calls. `name` is a file."""
    (tmp_path / "a.mp4").touch()
    return printed(WITHOUT_CALLS + code, tmp_path / "a.mp4")


def test_it_cannot_harm_others(tmp_path: Path) -> None:
    assert printed_without_calls(tmp_path, attempts(EVIL)).split() == [str(errno.EPERM)] * len(EVIL)


def test_it_can_start_threads_and_limit_itself(tmp_path: Path) -> None:
    code = """
def work():
    limits.limit_processor_time(5.0)
    print("done")
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
    assert printed_without_calls(tmp_path, code) == "done\n"


def test_threads_that_were_there_before_reach_no_network_either() -> None:
    code = """
forbidden = threading.Event()
def reach():
    forbidden.wait()
    try:
        socket.socket()
    except PermissionError:
        print("refused")
thread = threading.Thread(target=reach)
thread.start()
"""
    before = WITHOUT_CALLS.replace("seccomp.give_up_calls()\n", code + "seccomp.give_up_calls()\nforbidden.set()\n")
    assert printed(before, "-") == "refused\n"


CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(*numbers):
    return ctypes.get_errno() if libc.syscall(*map(ctypes.c_long, numbers)) < 0 else 0
"""


def test_a_ring_that_opens_sockets_by_itself_is_refused(tmp_path: Path) -> None:
    assert printed_without_calls(tmp_path, CALL + "print(call(425, 1, 0))") == f"{errno.EPERM}\n"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="about other ways into the kernel of x86-64")
def test_a_socket_by_another_way_into_the_kernel_is_refused(tmp_path: Path) -> None:
    """The calls of x32 and of 32-bit programs, which any program can make: here with AF_INET, SOCK_STREAM."""
    assert printed_without_calls(tmp_path, CALL + "print(call(0x40000000 + 41, 2, 1, 0))") == f"{errno.EPERM}\n"
    code = """
import ctypes, mmap
program = bytes.fromhex("53" "b867010000" "bb02000000" "b901000000" "ba00000000" "cd80" "5b" "c3")
memory = mmap.mmap(-1, len(program), prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
memory.write(program)
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))())
"""
    try:
        said = printed_without_calls(tmp_path, code)
    except subprocess.CalledProcessError as error:
        if error.returncode != -signal.SIGSEGV:
            raise
        pytest.skip("this kernel has no calls for 32-bit programs")
    assert said == f"{-errno.EPERM}\n"
