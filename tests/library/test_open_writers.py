import fcntl
import mmap
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.tree import names

from sorterd.library.open_writers import opened_to_write

linux = pytest.mark.skipif(sys.platform != "linux", reason="leases are a Linux thing")


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"12345")
    if sys.platform == "linux" and opened_to_write(path) is None:
        pytest.skip("this file system knows no leases")
    return path


@linux
def test_a_file_that_nobody_writes_is_free(video: Path) -> None:
    assert opened_to_write(video) is False


@linux
def test_a_reader_does_not_count(video: Path) -> None:
    with video.open("rb"):
        assert opened_to_write(video) is False


@linux
def test_a_process_that_has_it_open_for_writing_is_noticed_until_it_closes(video: Path) -> None:
    script = "import sys; f = open(sys.argv[1], 'ab'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, video], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        assert opened_to_write(video) is True
    assert opened_to_write(video) is False


@linux
def test_a_writer_that_keeps_only_a_mapping_is_noticed(video: Path) -> None:
    with video.open("r+b") as file:
        mapping = mmap.mmap(file.fileno(), 0)
    assert opened_to_write(video) is True
    mapping.close()
    assert opened_to_write(video) is False


@linux
def test_a_writer_that_comes_while_we_ask_does_not_end_us(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Breaking a lease sends a signal: SIGIO, which by default ends the process."""
    real = fcntl.fcntl

    def ask_and_be_disturbed(descriptor: int, command: int, argument: int) -> int:
        answer = real(descriptor, command, argument)
        if (command, argument) == (fcntl.F_SETLEASE, fcntl.F_RDLCK):
            with pytest.raises(BlockingIOError):
                os.open(video, os.O_WRONLY | os.O_NONBLOCK)
        return answer

    monkeypatch.setattr(fcntl, "fcntl", ask_and_be_disturbed)
    child = os.fork()
    if child == 0:
        os._exit(0 if opened_to_write(video) is False else 1)
    assert os.waitpid(child, 0)[1] == 0
    monkeypatch.undo()
    start = time.monotonic()
    with video.open("ab"):  # a lease that is not given back blocks for lease-break-time, 45 s
        assert time.monotonic() - start < 2


def test_a_file_that_cannot_be_asked_about_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "link.mp4").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.mp4").mkdir()
    for name in ("missing.mp4", "link.mp4", "pipe.mp4", "folder.mp4"):
        assert opened_to_write(tmp_path / name) is None


@linux
def test_asking_leaves_no_descriptor_behind(video: Path) -> None:
    before = len(names(Path("/proc/self/fd")))
    for _ in range(50):
        opened_to_write(video)
    assert len(names(Path("/proc/self/fd"))) == before
