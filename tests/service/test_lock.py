"""One daemon per state folder, whatever happened to the one before."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.holding import hold
from sorterd.service.lock import LOCK, AlreadyRunning, StateLock, holder


def test_a_second_instance_is_told_who_was_first(tmp_path: Path) -> None:
    with hold(StateLock, tmp_path) as other:
        with pytest.raises(AlreadyRunning, match=f"process {other.pid}") as caught, StateLock(tmp_path):
            pass
        assert caught.value.pid == other.pid
        assert holder(tmp_path) == other.pid
    assert holder(tmp_path) is None
    with StateLock(tmp_path):
        assert holder(tmp_path) == os.getpid()


def test_a_killed_instance_leaves_nothing_that_blocks(tmp_path: Path) -> None:
    with hold(StateLock, tmp_path) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert holder(tmp_path) is None
        with StateLock(tmp_path):
            assert holder(tmp_path) == os.getpid()


def test_the_state_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    with StateLock(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "lock").stat().st_mode & 0o777 == 0o600


def test_a_link_in_its_place_empties_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "state" / LOCK).symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="symbolic links"), StateLock(tmp_path / "state"):
        pass
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_child_process_does_not_inherit_the_lock(tmp_path: Path) -> None:
    with StateLock(tmp_path):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with child:
        assert holder(tmp_path) is None
        child.kill()


def test_asking_makes_no_folder(tmp_path: Path) -> None:
    assert holder(tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


def test_a_process_that_only_asks_is_never_taken_for_a_daemon(tmp_path: Path) -> None:
    with StateLock(tmp_path):
        pass
    done = threading.Event()

    def ask_on_and_on() -> set[int | None]:
        answers = {holder(tmp_path)}
        while not done.is_set():
            answers.add(holder(tmp_path))
        return answers

    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask_on_and_on) for _ in range(2)]
        try:
            for _ in range(2_000):
                with StateLock(tmp_path):
                    pass
        finally:
            done.set()
        assert set().union(*(future.result() for future in asking)) <= {None, os.getpid()}
