"""The daemon's end of the pipe to the coordinator, which may say anything."""

import queue
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pool.talking import Home
from sorterd.pool.home.certificates import Certificates
from sorterd.pool.home.link import Ended, Link
from sorterd.pool.messages import LINK_LIMIT, Disconnect, Left, Listening, Passed
from sorterd.worker import wire

SAYS = "import sys, time; sys.stdout.buffer.write({said!r} * {times}); sys.stdout.flush(); time.sleep(60)"


def saying(folder: Path, said: bytes, *, times: int = 1, deaf: bool = False) -> Home:
    """A coordinator that says this so many times and nothing else."""
    code = SAYS.format(said=said, times=times)
    return Home(folder, command=(sys.executable, "-c", code), first_wait=0.01, patience=0.05, deaf=deaf)


def frame(message: object) -> bytes:
    return wire.framed(wire.encode_body(message, LINK_LIMIT))


@pytest.mark.parametrize("said", [
    b"\x00\x00\x00\x05hello", b"\xff\xff\xff\xff", b"\x80\x04K\x01." * 10, frame(Disconnect(1, b"")),
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
    home = saying(folder, frame(Left(1, silent=False)), times=1000, deaf=True)
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


def test_what_comes_before_the_start_and_after_the_end_goes_nowhere(folder: Path) -> None:
    link = Link(Certificates(folder), "127.0.0.1", 0, take=lambda _: None, log=lambda _: None)
    for _ in range(2):
        link.send(1, [b"x"])
        link.disconnect(1)
        link.forget(1)
        link.start()
        link.stop()
    link.send(1, [b"x"])
    link.disconnect(1)
    link.stop()


def test_long_messages_take_more_room_than_short_ones(folder: Path) -> None:
    home = saying(folder, frame(Passed(1, b"x" * 100_000)), times=100, deaf=True)
    try:
        for _ in range(66):
            home.heard(Passed)
        with pytest.raises(queue.Empty):
            home.heard(Passed, seconds=0.3)
        home.link.read()
        home.heard(Passed)
    finally:
        home.link.stop()


def test_a_machine_that_is_sent_away_gets_nothing_but_the_last_word(folder: Path) -> None:
    made: list[int] = []

    def frames(machine: int) -> Iterator[bytes]:
        for number in range(10):
            made.append(machine)
            yield b"%d" % number

    link = Link(Certificates(folder), "", 0, take=lambda _: None, log=lambda _: None, command=("/nowhere",))
    link.send(1, frames(1))
    link.send(2, frames(2))
    link.send(1, frames(1))
    link.disconnect(1, b"bye")
    left = [(machine, list(ahead)) for machine, ahead in link._ahead]
    assert [machine for machine, _ in left] == [2, 0]
    assert made == [2] * 10
    assert left[1][1] == [frame(Disconnect(1, b"bye"))]


def test_without_its_keys_it_is_not_started(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    try:
        assert "cannot be started" in home.heard(Ended).reason
    finally:
        home.link.stop()
