"""Signs of life for the service manager, which kills a service that gives none for long."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.running import Running, Words
from support.workspace import Workspace

from sorterd.daemon.service import _watchdog
from sorterd.service.notify import Notifier

MEBIBYTE = 1 << 20


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """Where systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(os.fspath(tmp_path / "notify"))
        manager.setblocking(False)
        yield manager


def test_a_film_that_takes_long_to_read_gives_some_with_each_piece_of_it(workspace: Workspace) -> None:
    """Else it would be killed in the midst of a film on a slow share, and at the next start again, for ever."""
    beats = 0

    def beat() -> None:
        nonlocal beats
        beats += 1

    running = Running(workspace, Words(workspace.clock))
    running.loop.each_beat(beat)
    workspace.lay_out({"film.mp4": b"cat 1" + bytes(20 * MEBIBYTE)})
    running.run()
    assert workspace.store.files.at("film.mp4") is not None
    assert beats >= 20


def test_however_often_the_loop_comes_round_they_are_sent_no_oftener_than_asked_for(
    manager: socket.socket,
) -> None:
    ping = _watchdog(Notifier(manager.getsockname()), 60.0)
    waits = [ping() for _ in range(3)]
    assert all(wait is not None and 0 < wait <= 60.0 for wait in waits)
    assert manager.recv(100) == b"WATCHDOG=1"
    with pytest.raises(BlockingIOError):
        manager.recv(100)
