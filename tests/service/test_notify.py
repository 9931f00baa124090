"""What systemd receives from us, on a real datagram socket."""

import io
import json
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from sorterd.log import configure
from sorterd.service.notify import Notifier, watchdog_interval


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(5)
        yield listener


def test_each_stage_of_a_service_is_reported(manager: socket.socket) -> None:
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": manager.getsockname()})
    notifier.ready("watching /srv/clips")
    notifier.status("3 videos to go\nREADY=0\x1b[2J")
    notifier.watchdog()
    notifier.stopping()
    assert [manager.recv(4096) for _ in range(4)] == [
        b"READY=1\nSTATUS=watching /srv/clips",
        rb"STATUS=3 videos to go\nREADY=0\x1b[2J",
        b"WATCHDOG=1",
        b"STOPPING=1",
    ]


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="abstract sockets exist on Linux only")
def test_an_address_that_starts_with_an_at_sign_is_abstract() -> None:
    name = f"sorterd-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0" + name)
        listener.settimeout(5)
        Notifier(f"@{name}").watchdog()
        assert listener.recv(100) == b"WATCHDOG=1"


def test_without_a_manager_nothing_happens() -> None:
    notifier = Notifier.from_environment({})
    notifier.ready("watching")
    assert notifier == Notifier(None)


def test_a_manager_that_went_away_is_logged_and_survived(tmp_path: Path) -> None:
    stream = io.StringIO()
    configure("info", "json", stream)
    Notifier(str(tmp_path / "gone")).watchdog()
    structlog.reset_defaults()
    assert json.loads(stream.getvalue())["event"] == "cannot tell the service manager"


def test_a_manager_that_does_not_read_delays_nothing(manager: socket.socket) -> None:
    notifier = Notifier(manager.getsockname())
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as flood:
        flood.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                flood.sendto(b"x", manager.getsockname())
    notifier.watchdog()
    assert manager.recv(100) == b"x"


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "-1"}, None),
    ],
)
def test_the_watchdog_is_notified_at_half_its_interval(environ: dict[str, str], seconds: float | None) -> None:
    assert watchdog_interval(environ, 7) == seconds
