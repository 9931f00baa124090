"""The daemon's end of the pipe to the coordinator, which may say anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pool.talking import Home
from sorterd.pool.home.link import Ended
from sorterd.pool.messages import LINK_LIMIT, Disconnect, Left, Listening
from sorterd.worker import wire

SAYS = "import sys, time; sys.stdout.buffer.write({said!r}); sys.stdout.flush(); time.sleep(60)"


def saying(folder: Path, said: bytes, *, deaf: bool = False) -> Home:
    """A coordinator that says this and nothing else."""
    return Home(
        folder, command=(sys.executable, "-c", SAYS.format(said=said)), first_wait=0.01, patience=0.05, deaf=deaf
    )


def frame(message: object) -> bytes:
    return wire.framed(wire.encode_body(message, LINK_LIMIT))


@pytest.mark.parametrize("said", [
    b"\x00\x00\x00\x05hello", b"\xff\xff\xff\xff", b"\x80\x04K\x01." * 10, frame(Disconnect(1)),
    frame(Listening(1)).replace(b"Listening", b"Listenink"),
], ids=["garbage", "a frame without end", "pickles", "words of the daemon", "an unknown message"])  # fmt: skip
def test_invalid_words_end_the_coordinator_and_another_is_started(folder: Path, said: bytes) -> None:
    home = saying(folder, said)
    try:
        for _ in range(2):
            assert home.heard(Ended).reason.startswith("sent an invalid message: ")
    finally:
        home.link.stop()


def test_a_coordinator_that_says_too_much_waits_until_it_is_heard(folder: Path) -> None:
    home = saying(folder, frame(Left(1, silent=False)) * 1000, deaf=True)
    try:
        for _ in range(200):
            home.heard(Left)
        assert home.messages.empty()
    finally:
        home.link.stop()


def test_one_that_cannot_be_started_is_said_to_be_so(folder: Path) -> None:
    home = Home(folder, command=("/nowhere/python",), first_wait=0.01)
    try:
        assert home.heard(Ended).reason == "cannot be started: No such file or directory"
    finally:
        home.link.stop()


def test_without_its_keys_it_is_not_started(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    try:
        assert "cannot be started" in home.heard(Ended).reason
    finally:
        home.link.stop()
