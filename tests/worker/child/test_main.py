"""The real worker process: its limits, its end, its clean pipes. No models are loaded here."""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.other_process import PATIENCE, printed, python

from sorterd.worker.host.supervisor import COMMAND

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Linux gives this, other systems do not")

DAEMON = """
from pathlib import Path
from sorterd.worker.job_messages import Predict
from support.one_worker import OneWorker
daemon = OneWorker(Path(sys.argv[1]))
daemon.do(Predict(1, (), 3, 0.5))
print(daemon.worker.pid, flush=True)
sys.stdin.read()
"""


def printed_within_limits(code: str, *arguments: str | Path) -> str:
    """Return what `code` prints in a process that has set the limits."""
    return printed("from sorterd.worker.sandbox import limits; limits.apply()\n" + code, *arguments)


def wait_for_end(pid: int, seconds: float) -> bool:
    """Return whether the process, which is not our child, ends in time."""
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([pidfd], [], [], seconds)[0])
    finally:
        os.close(pidfd)


@linux_only
@pytest.mark.parametrize("child_is_stuck", [False, True])
def test_a_daemon_killed_hard_leaves_no_worker_behind(tmp_path: Path, child_is_stuck: bool) -> None:
    command = python(DAEMON, tmp_path)
    daemon = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert daemon.stdout is not None
    pid = int(daemon.stdout.readline())
    if child_is_stuck:
        os.kill(pid, signal.SIGSTOP)  # so that it cannot notice the end of its stdin
    daemon.kill()
    daemon.communicate()
    assert wait_for_end(pid, 10)


def test_garbage_from_above_ends_it_with_a_reason() -> None:
    ended = subprocess.run(COMMAND, input=b"\xff" * 100, capture_output=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 1
    assert b"the daemon sent an invalid message: a frame of" in ended.stderr


def test_it_ends_with_its_stdin_and_imports_no_module_of_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "msgpack.py").write_text("raise SystemExit('imported from the folder with the videos')")
    ended = subprocess.run(COMMAND, input=b"", cwd=tmp_path, capture_output=True, timeout=PATIENCE, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_libraries_cannot_write_into_the_reports() -> None:
    code = """
import os
from sorterd.worker.child.main import take_pipes
jobs, reports = take_pipes()
print("a library prints", flush=True)
os.system("echo and so does C")
assert os.read(0, 1) == b""
os.write(reports, b"report " + os.read(jobs, 100))
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], input=b"job", capture_output=True, timeout=PATIENCE, check=True
    )
    assert ended.stdout == b"report job"
    assert ended.stderr == b"a library prints\nand so does C\n"


def test_no_core_dump_no_endless_file_and_a_low_priority() -> None:
    code = """
import json, os, resource as r
print(json.dumps([r.getrlimit(r.RLIMIT_CORE), 0 < r.getrlimit(r.RLIMIT_FSIZE)[1] <= 1 << 34,
                  0 < r.getrlimit(r.RLIMIT_NOFILE)[1] <= 1024, os.nice(0)]))
"""
    assert json.loads(printed_within_limits(code)) == [[0, 0], True, True, os.nice(0) + 5]


@linux_only
def test_no_privileges_can_be_gained_and_it_is_the_first_to_be_killed_when_memory_runs_out() -> None:
    status = printed_within_limits("print(open('/proc/self/status').read(), open('/proc/self/oom_score_adj').read())")
    assert "NoNewPrivs:\t1" in status
    assert status.split()[-1] == "500"


@linux_only
def test_a_video_that_wants_half_of_the_memory_does_not_get_it() -> None:
    code = """
import os
try:
    bytearray(max(1 << 32, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2))
except MemoryError:
    print("refused")
"""
    assert printed_within_limits(code) == "refused\n"


def test_a_job_that_computes_without_end_is_cut_by_the_system_and_the_next_one_may_go_on() -> None:
    code = """
import math, os, signal, threading, time
def spend(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
pid = os.fork()
if pid == 0:
    for _ in range(2):  # each of them is within the limit
        limits.limit_processor_time(1.0)
        spend(0.6)
    limits.limit_processor_time(math.inf)
    spend(1.4)  # past the last limit
    print("not cut", flush=True)
    limits.limit_processor_time(0.1)
    thread = threading.Thread(target=spend, args=(60,))
    thread.start()
    thread.join()
print(signal.Signals(os.WTERMSIG(os.waitpid(pid, 0)[1])).name)
"""
    assert printed_within_limits(code) == "not cut\nSIGXCPU\n"


@pytest.mark.parametrize("models", ["embedded", "clip"])
def test_kernels_compiled_by_a_driver_are_kept_where_the_worker_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, models: str
) -> None:
    code = """
import os
from sorterd.features.settings import FeatureSettings
from sorterd.worker.child import main as child
from sorterd.worker.messages import Setup
os.environ["CUDA_CACHE_PATH"] = "/somebody/elses"
child.confine(Setup(FeatureSettings(models=sys.argv[1]), sys.argv[2].encode()))
kernels = os.environ["CUDA_CACHE_PATH"]
os.makedirs(kernels, exist_ok=True)
open(os.path.join(kernels, "compiled"), "a").close()
"""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for _ in range(2):
        printed_within_limits(code, models, tmp_path)
    assert list(tmp_path.glob(".cuda/compiled"))
