"""The worker may write into its own folders and nowhere else. In subprocesses, because Landlock cannot be undone."""

import errno
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.one_worker import OneWorker
from support.other_process import attempts, printed

from sorterd.worker.job_messages import Describe
from sorterd.worker.report_messages import JobFailed
from sorterd.worker.sandbox.landlock import SCRATCH, empty_scratch, offered, own_folders

CONFINED = """
import os, subprocess, sys, threading
from pathlib import Path
from sorterd.worker.sandbox import landlock, limits
limits.apply()
outside, inside = Path(sys.argv[1]), Path(sys.argv[2])
if not landlock.confine([inside, inside / "is not there"]):
    print("not here")
    sys.exit()
"""
EVIL = (
    "(outside / 'a.mp4').open('r+b')",
    "os.truncate(outside / 'a.mp4', 0)",
    "(outside / 'a.mp4').unlink()",
    "(outside / 'a.mp4').rename(outside / 'b.mp4')",
    "(outside / 'a.mp4').rename(inside / 'a.mp4')",
    "(inside / 'b.mp4').replace(outside / 'a.mp4')",
    "(outside / 'new.mp4').touch()",
    "(outside / 'link').symlink_to('/')",
    "(outside / 'folder').mkdir()",
    "(outside / 'empty').rmdir()",
)


def printed_when_confined(tmp_path: Path, code: str) -> str:
    """Return what `code` prints in a process that may write into one folder and not into the other."""
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    for folder in (outside, inside, outside / "empty"):
        folder.mkdir()
    (outside / "a.mp4").write_text("precious")
    (inside / "b.mp4").write_text("hostile")
    said = printed(CONFINED + code, outside, inside)
    assert (outside / "a.mp4").read_text() == "precious"
    assert sorted(path.name for path in outside.iterdir()) == ["a.mp4", "empty"]
    if said == "not here\n":
        pytest.skip("this system has no Landlock")
    return said


def test_it_cannot_touch_the_users_files(tmp_path: Path) -> None:
    said = printed_when_confined(tmp_path, attempts(EVIL))
    assert set(map(int, said.split())) - {errno.EXDEV} == {errno.EACCES}  # EXDEV: older kernels, between folders


def test_neither_can_its_threads_and_what_it_starts(tmp_path: Path) -> None:
    code = """
def evil():
    try:
        (outside / "a.mp4").unlink()
    except PermissionError:
        print("refused", flush=True)
thread = threading.Thread(target=evil)
thread.start()
thread.join()
print(subprocess.run(["rm", "-f", str(outside / "a.mp4")], stderr=subprocess.DEVNULL).returncode)
"""
    assert printed_when_confined(tmp_path, code) == "refused\n1\n"


def test_it_can_read_everything_and_write_into_its_own_folder(tmp_path: Path) -> None:
    code = """
assert (outside / "a.mp4").read_text() == "precious"
(inside / "part").write_text("whole")
(inside / "part").rename(inside / "model")
(inside / "folder").mkdir()
(inside / "model").rename(inside / "folder" / "model")
os.truncate(inside / "folder" / "model", 0)
(inside / "folder" / "model").unlink()
(inside / "folder").rmdir()
Path("/dev/null").write_text("nothing")
subprocess.run(["true"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
print("all done")
"""
    assert printed_when_confined(tmp_path, code) == "all done\n"


def test_it_cannot_end_other_processes_where_the_kernel_can_forbid_it(tmp_path: Path) -> None:
    code = """
if landlock._version() < 6:
    print("not here")
    sys.exit()
try:
    os.kill(os.getppid(), 0)
except PermissionError:
    print("refused")
"""
    assert printed_when_confined(tmp_path, code) == "refused\n"


def test_models_from_a_hub_are_kept_in_the_users_cache() -> None:
    here = Path("/state/artifacts")
    assert own_folders(here, {"HOME": "/home/me"}, hub=False) == [here]
    usual = own_folders(here, {"HOME": "/home/me"}, hub=True)
    assert usual == [here, *(Path("/home/me/.cache") / name for name in ("huggingface", "clip", "torch"))]
    moved = own_folders(here, {"HOME": "/home/me", "XDG_CACHE_HOME": "/cache", "HF_HOME": "/models"}, hub=True)
    assert moved == [here, *(Path("/cache") / name for name in ("huggingface", "clip", "torch")), Path("/models")]


def a_folder(scratch: Path) -> None:
    (scratch / "sorterd-1").mkdir(parents=True)
    (scratch / "sorterd-1" / "model.bin").symlink_to("/etc/passwd")


@pytest.mark.parametrize("left", [a_folder, Path.touch, lambda path: path.symlink_to("/etc")])
def test_leftovers_of_an_earlier_worker_are_removed(tmp_path: Path, left: Callable[[Path], None]) -> None:
    left(tmp_path / SCRATCH)
    scratch = empty_scratch(tmp_path)
    assert scratch == tmp_path / SCRATCH
    assert list(scratch.iterdir()) == []
    assert not scratch.is_symlink()
    assert Path("/etc/passwd").exists()


def test_without_artifacts_there_is_no_folder_for_temporary_files(tmp_path: Path) -> None:
    assert empty_scratch(tmp_path / "not there") is None


EVIL_WORKER = """
import socket, sys
from pathlib import Path
from sorterd.worker.child import main as child
from sorterd.worker.report_messages import JobFailed
class Evil:
    def __init__(self, setup, send):
        self.send = send
    def do(self, job):
        try:
            Path(sys.argv[1]).unlink()
        except OSError as error:
            self.send(JobFailed(job.job, type(error).__name__))
child.main(Evil)
"""


def test_the_worker_that_the_daemon_starts_is_confined(tmp_path: Path) -> None:
    if not offered():
        pytest.skip("this system has no Landlock")
    video, artifacts = tmp_path / "a.mp4", tmp_path / "artifacts"
    video.write_text("precious")
    artifacts.mkdir()
    with OneWorker(artifacts, command=(sys.executable, "-c", EVIL_WORKER, str(video))) as daemon:
        assert daemon.do(Describe(1)) == [JobFailed(1, "PermissionError")]
    assert video.read_text() == "precious"


def test_a_process_that_reads_nothing_but_programs_cannot_read_the_users_files(tmp_path: Path) -> None:
    code = CONFINED.replace('inside / "is not there"]', "], [Path(sys.prefix), Path(sys.base_prefix)]")
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    for folder in (outside, inside):
        folder.mkdir()
    (outside / "key.pem").write_text("secret")
    (inside / "own").write_text("own")
    acts = """
for path in (outside / "key.pem", inside / "own"):
    try:
        print("read", path.read_text())
    except PermissionError:
        print("refused")
import colorsys
"""
    said = printed(code + acts, outside, inside)
    if said == "not here\n":
        pytest.skip("this system has no Landlock")
    assert said.splitlines() == ["refused", "read own"]
