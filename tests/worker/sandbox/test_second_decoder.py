"""decord in a separate process: it may hang or die, and that costs one file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.films import film

from sorterd.worker.sandbox import second_decoder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="decord is for Linux")

PREPARE = """
import os, sys, time
import numpy as np
from pathlib import Path
from sorterd.features.picture import PictureShape
from sorterd.worker.sandbox import limits, seccomp
from sorterd.worker.sandbox.second_decoder import SecondDecoder
limits.apply()

def odd(path, count, shape):
    print("working", flush=True, file=sys.stderr)
    match path:
        case b"hang":
            time.sleep(60)
        case b"abort":
            os.abort()
        case b"raise":
            raise ValueError("a decoder's error")
        case b"too many":
            return [np.zeros((8, 8, 3), np.uint8)] * 100
        case b"half":
            return [np.zeros((8, 8), np.uint8)]
    return [np.full((8, 8, 3), 7, np.uint8)]

shape = PictureShape(8)
"""


def run(code: str, *arguments: str) -> str:
    """Return what `code` prints in a separate process."""
    command = [sys.executable, "-c", PREPARE + code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_its_hang_death_or_invalid_answer_costs_one_file() -> None:
    code = """
second = SecondDecoder(0.5, odd)
for path in (b"fine", b"hang", b"fine", b"abort", b"fine", b"raise", b"too many", b"half", b"fine"):
    print(len(second(path, 5, shape)), end=" ")
second.close()
"""
    assert run(code) == "1 0 1 0 1 0 0 0 1 "


def test_it_works_when_the_worker_can_start_no_process_any_more() -> None:
    code = """
second = SecondDecoder(5, odd)
seccomp.give_up_calls()
print(len(second(b"fine", 5, shape)))
"""
    assert run(code) == "1\n"


def test_without_it_nothing_more_is_found_and_nothing_breaks() -> None:
    code = """
import signal
second = SecondDecoder(5, odd)
os.kill(second.pid, signal.SIGKILL)
os.waitpid(second.pid, 0)
print(second(b"fine", 5, shape), second(b"fine", 5, shape))
"""
    assert run(code) == "[] []\n"


def test_it_ends_with_the_worker_and_keeps_none_of_its_pipes_open() -> None:
    code = """
second = SecondDecoder(60, odd)
import threading
threading.Thread(target=second, args=(b"hang", 5, shape), daemon=True).start()
time.sleep(0.2)
os._exit(0)
"""
    command = [sys.executable, "-c", PREPARE + code]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.read() == b""  # closes although its grandchild hangs for a minute
        assert worker.wait(10) == 0


@pytest.mark.skipif(not second_decoder.offered(), reason="no decord here")
def test_decord_finds_the_frames_that_pyav_finds(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4")
    fuzzy = os.fsencode(tmp_path) + b"/\xff\n.mp4"
    os.link(path, fuzzy)
    code = """
from sorterd.features.clip import read_clip
second = SecondDecoder(30)
path, fuzzy, text = map(os.fsencode, sys.argv[1:])
theirs = np.stack(second(path, 5, shape)).astype(int)
ours = np.stack(read_clip(path, 5, shape, sound=False).pictures)
print(np.abs(theirs - ours).mean() < 6, len(second(fuzzy, 5, shape)), len(second(text, 5, shape)))
"""
    (tmp_path / "text.mp4").write_text("dear diary")
    assert run(code, str(path), os.fsdecode(fuzzy), str(tmp_path / "text.mp4")) == "True 5 0\n"


@pytest.mark.skipif(not second_decoder.offered(), reason="no decord here")
def test_a_confined_worker_reads_by_decord_what_pyav_does_not(tmp_path: Path) -> None:
    code = """
import errno, av
from sorterd.features import clip
from sorterd.worker.sandbox import landlock
def fail(*_):
    raise av.error.FFmpegError(errno.EOPNOTSUPP, "Operation not supported")
clip.pick = fail
landlock.confine([])
second = SecondDecoder(30)
seccomp.give_up_calls()
found = clip.read_clip(os.fsencode(sys.argv[1]), 5, shape, sound=True, second_decoder=second)
print(len(found.pictures), found.sound.state)
"""
    assert run(code, str(film(tmp_path / "a.mp4", sound="sine"))) == "5 heard\n"
