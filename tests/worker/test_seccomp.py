"""What the worker could still do to others is refused once its models are loaded. In processes of their own, as that
cannot be taken off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sorterd.worker import seccomp

pytestmark = pytest.mark.skipif(not seccomp.offered(), reason="this system offers no way")

WITHOUT_CALLS = """
import os, resource, socket, subprocess, sys, threading
from sorterd.worker import limits, seccomp
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
    """What `code` prints in a process that has given up the calls; `name` is a file."""
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
