"""Once its models are loaded, the worker is refused what could harm others.

In subprocesses, because seccomp cannot be undone.
"""

import errno
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sorterd.worker.sandbox import seccomp

pytestmark = pytest.mark.skipif(not seccomp.offered(), reason="this system offers no way")

WITHOUT_CALLS = """
import os, resource, socket, subprocess, sys, threading
from sorterd.worker.sandbox import limits, seccomp
limits.apply()
seccomp.give_up_calls()
name = sys.argv[1]
"""
EVIL = {
    "reach the network": "socket.socket()",
    "reach a program of the session": "socket.socket(socket.AF_UNIX)",
    "fork": "os.fork() or os._exit(0)",
    "start a program": "subprocess.run(['true'])",
    "become another program": "os.execv('/bin/true', ['true'])",
    "signal the daemon": "os.kill(os.getppid(), 0)",
    "change the daemon's limits": "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
    "lock a file": "os.chmod(name, 0)",
    "change a file's time": "os.utime(name, (0, 0))",
}


def run_without_calls(tmp_path: Path, code: str) -> str:
    """Return what `code` prints in a process that has given up the calls. `name` is a file."""
    (tmp_path / "a.mp4").touch()
    command = [sys.executable, "-c", WITHOUT_CALLS + code, str(tmp_path / "a.mp4")]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize("act", EVIL.values(), ids=EVIL.keys())
def test_it_cannot_harm_others(tmp_path: Path, act: str) -> None:
    code = f"try:\n    {act}\nexcept PermissionError:\n    print('refused')"
    assert run_without_calls(tmp_path, code) == "refused\n"


def test_it_can_start_threads_and_limit_itself(tmp_path: Path) -> None:
    code = """
def work():
    limits.limit_processor_time(5.0)
    print("done")
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
    assert run_without_calls(tmp_path, code) == "done\n"


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
    ended = subprocess.run([sys.executable, "-c", before, "-"], check=True, capture_output=True, text=True, timeout=60)
    assert ended.stdout == "refused\n"


CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(*numbers):
    return ctypes.get_errno() if libc.syscall(*map(ctypes.c_long, numbers)) < 0 else 0
"""


def test_a_ring_that_opens_sockets_by_itself_is_refused(tmp_path: Path) -> None:
    assert run_without_calls(tmp_path, CALL + "print(call(425, 1, 0))") == f"{errno.EPERM}\n"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="about other ways into the kernel of x86-64")
def test_a_socket_by_another_way_into_the_kernel_is_refused(tmp_path: Path) -> None:
    """The calls of x32 and of 32-bit programs, which any program can make: here with AF_INET, SOCK_STREAM."""
    assert run_without_calls(tmp_path, CALL + "print(call(0x40000000 + 41, 2, 1, 0))") == f"{errno.EPERM}\n"
    code = """
import ctypes, mmap
program = bytes.fromhex("53" "b867010000" "bb02000000" "b901000000" "ba00000000" "cd80" "5b" "c3")
memory = mmap.mmap(-1, len(program), prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
memory.write(program)
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))())
"""
    try:
        said = run_without_calls(tmp_path, code)
    except subprocess.CalledProcessError as error:
        if error.returncode != -signal.SIGSEGV:
            raise
        pytest.skip("this kernel has no calls for 32-bit programs")
    assert said == f"{-errno.EPERM}\n"
