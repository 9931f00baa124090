"""Real decoder processes: a file that breaks one costs only itself. They are started in a process without threads."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from support.films import film
from support.other_process import printed

from sorterd.worker.sandbox.confinement import missing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="decoders are processes on Linux only")

PREPARE = """
import os, sys, threading, time
from sorterd.worker.sandbox import limits, seccomp
limits.apply()
from worker.decoder import hostile
from sorterd.worker.decoder.programs import PROGRAMS
from sorterd.worker.decoder.fork_server import ForkServer
# programs
server = ForkServer({**hostile.PROGRAMS, **PROGRAMS})
seccomp.give_up_calls()
import numpy as np
from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import PictureShape
from sorterd.features.preprocess import PreprocessOptions, preprocess
from sorterd.worker.decoder.pool import DecoderPool, SecondDecoder

def told(read, path):
    try:
        return f"{path.decode()}: {len(read(path, hostile.OPTIONS).pictures)} pictures"
    except UnreadableVideo as error:
        return f"{path.decode()}: {error}, {'again' if error.transient else 'for good'}"
"""


def run(code: str, *arguments: str | Path, before: str = "") -> str:
    """Return what `code` prints in a separate process with a fork server. `before` that, programs may be added."""
    return printed(PREPARE.replace("# programs", before) + code, *arguments)


def test_a_file_that_ends_its_decoder_is_named_and_costs_no_other_file() -> None:
    code = """
pool = DecoderPool(server, 2, 3.0, "hostile")
for path in (b"fine", b"crash", b"fine", b"exit", b"fine", b"hang", b"fine", b"leave", b"raise", b"broken", b"fine"):
    print(told(pool, path))
"""
    assert run(code).splitlines() == [
        "fine: 5 pictures",
        "crash: its decoder crashed (SIGSEGV), again",
        "fine: 5 pictures",
        "exit: its decoder ended with exit code 3, again",
        "fine: 5 pictures",
        "hang: its decoder gave no answer for 3 s, again",
        "fine: 5 pictures",
        "leave: its decoder was killed, probably out of memory, again",
        "raise: its decoder ended with exit code 1, again",
        "broken: is broken, for good",
        "fine: 5 pictures",
    ]


def test_what_no_honest_decoder_sends_ends_it() -> None:
    code = """
pool = DecoderPool(server, 1, 60.0, "hostile")
lies = b"long reason,no text,always large,no memory file,pipe,unsealed,short,negative,a job"
for path in lies.split(b","):
    print(told(pool, path), pool.pids)
print(told(pool, b"fine"))
print(len(os.listdir("/proc/self/fd")) < 12)
"""
    *refused, fine, no_descriptors_left_open = run(code).splitlines()
    assert len(refused) == 9
    assert all(": its decoder sent an invalid answer: " in line and line.endswith("again []") for line in refused)
    assert (fine, no_descriptors_left_open) == ("fine: 5 pictures", "True")


def test_several_files_at_a_time_get_their_own_answers() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
pool = DecoderPool(server, 3, 60.0, "hostile")
paths = [b"fine", b"crash", b"large", b"who", b"exit"] * 6
with ThreadPoolExecutor(3) as threads:
    for line in threads.map(lambda path: told(pool, path), paths):
        print(line)
print(len(set(pool.pids)) <= 3)
"""
    *lines, few = run(code).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["fine", "crash", "large", "who", "exit"] * 6
    assert {line for line in lines if not line.startswith("who")} == {
        "fine: 5 pictures",
        "large: 5 pictures",
        "crash: its decoder crashed (SIGSEGV), again",
        "exit: its decoder ended with exit code 3, again",
    }
    assert few == "True"


def test_a_decoder_that_was_killed_while_idle_is_replaced_without_blame() -> None:
    code = """
pool = DecoderPool(server, 1, 60.0, "hostile")
pool.start()
(first,) = pool.pids
server.end(first)
server.end = lambda pid, end=server.end: -9 if pid == first else end(pid)
print(told(pool, b"fine"), pool.pids != [first])
"""
    assert run(code) == "fine: 5 pictures True\n"


def test_decoders_end_with_the_worker_and_keep_none_of_its_pipes_open() -> None:
    code = """
pool = DecoderPool(server, 2, 60.0, "hostile")
pool.start()
for _ in range(2):
    threading.Thread(target=pool, args=(b"hang", hostile.OPTIONS), daemon=True).start()
time.sleep(0.2)
print(*pool.pids, flush=True)
os._exit(0)
"""
    # The pipe closes with the last process that has it, and the decoders hang for ten minutes.
    assert len(run(code).split()) == 2


@pytest.mark.skipif(missing() != "", reason=missing())
def test_a_decoder_can_write_nowhere_and_call_nobody(tmp_path: Path) -> None:
    programs = """
import socket
def attempts():
    def attack(order):
        from sorterd.worker.decoder.messages import Undecodable
        done = []
        for what, attempt in {
            "write": lambda: open(order.path + b"/new", "w"),
            "start a program": lambda: os.system("true") and 1 / 0,
            "signal": lambda: os.kill(os.getppid(), 0),
            "network": lambda: socket.socket(),
            "ptrace": lambda: open(f"/proc/{os.getppid()}/mem", "rb"),
            "fill the disk": lambda: os.ftruncate(os.memfd_create("x"), 1 << 30),
            "fill the memory": lambda: bytearray(5 << 30),
        }.items():
            try:
                attempt()
                done.append(what)
            except (OSError, MemoryError, ZeroDivisionError):
                pass
        return Undecodable(repr(done), transient=False, seems_whole=False), None
    def program():
        seccomp.give_up_calls()
        return attack
    return program
hostile.PROGRAMS = {"hostile": attempts}
"""
    ask = "print(told(DecoderPool(server, 1, 60.0, 'hostile'), sys.argv[1].encode()))"
    assert run(ask, str(tmp_path), before=programs) == f"{tmp_path}: [], for good\n"


def test_a_decoder_reads_a_real_video_as_the_worker_itself_would(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", seconds=6, sound="speech")
    fuzzy = os.fsencode(tmp_path) + b"/\xff\n.mp4"
    os.link(path, fuzzy)
    (tmp_path / "text.mp4").write_text("dear diary")
    code = """
path, fuzzy, text = map(os.fsencode, sys.argv[1:])
options = PreprocessOptions(5, PictureShape(33), mels=80, stills=True)
pool = DecoderPool(server, 1, 60.0)
theirs, ours = pool(fuzzy, options), preprocess(path, options)
print(all(map(np.array_equal, theirs.pictures, ours.pictures)), len(theirs.pictures))
print(all(map(np.array_equal, theirs.spectrograms, ours.spectrograms)), len(theirs.spectrograms))
print(theirs.stills == ours.stills, len(ours.stills.poster) > 0, theirs.sound, theirs.complete)
print(theirs.pictures[0].flags.writeable, theirs.seconds == ours.seconds > 5)
for file in (text, text + b".gone"):
    try:
        pool(file, options)
    except UnreadableVideo as error:
        print(error, error.transient)
"""
    assert run(code, str(path), os.fsdecode(fuzzy), str(tmp_path / "text.mp4")).splitlines() == [
        "True 5",
        "True 1",
        "True True heard True",
        "False True",
        "is not a video, but text False",
        "has disappeared True",
    ]


def test_a_hang_death_or_invalid_answer_of_the_second_decoder_gives_no_pictures() -> None:
    code = """
second = SecondDecoder(server, 3.0, "silent")
for path in (b"fine", b"hang", b"fine", b"crash", b"raise", b"broken", b"pipe", b"fine"):
    print(len(second(path, 5, PictureShape(8))), end=" ")
print(len(os.listdir("/proc/self/fd")) < 12)
"""
    programs = """
silent = hostile.Preprocessed(hostile.FINE.pictures[:3], [], "none")
hostile.PROGRAMS = {"silent": lambda: lambda: lambda order: hostile.behave(order, silent)}
"""
    assert run(code, before=programs) == "3 0 3 0 0 0 0 3 True\n"


@pytest.mark.skipif(find_spec("decord") is None, reason="no decord here")
def test_decord_finds_the_frames_that_pyav_finds(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4")
    fuzzy = os.fsencode(tmp_path) + b"/\xff\n.mp4"
    os.link(path, fuzzy)
    (tmp_path / "text.mp4").write_text("dear diary")
    code = """
shape, second = PictureShape(8), SecondDecoder(server, 30)
path, fuzzy, text = map(os.fsencode, sys.argv[1:])
theirs = np.stack(second(path, 5, shape)).astype(int)
ours = np.stack(preprocess(path, PreprocessOptions(5, shape, 0, False)).pictures)
print(np.abs(theirs - ours).mean() < 6, len(second(fuzzy, 5, shape)), len(second(text, 5, shape)))
"""
    assert run(code, str(path), os.fsdecode(fuzzy), str(tmp_path / "text.mp4")) == "True 5 0\n"


@pytest.mark.skipif(find_spec("decord") is None, reason="no decord here")
@pytest.mark.parametrize("first", ["DecoderPool(server, 1, 60.0)", "preprocess"])
def test_a_confined_worker_reads_by_decord_what_pyav_does_not(tmp_path: Path, first: str) -> None:
    programs = """
import errno, av
from sorterd.features import clip
def fail(*_):
    raise av.error.FFmpegError(errno.EOPNOTSUPP, "Operation not supported")
clip.pick = fail
"""
    code = f"""
from sorterd.features.preprocess import with_second_decoder
read = with_second_decoder({first}, SecondDecoder(server, 30))
found = read(os.fsencode(sys.argv[1]), PreprocessOptions(5, PictureShape(32), 80, True))
print(len(found.pictures), found.sound, len(found.stills.poster) > 0)
"""
    assert run(code, str(film(tmp_path / "a.mp4", sound="sine")), before=programs) == "5 heard True\n"
