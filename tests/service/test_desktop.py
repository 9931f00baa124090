"""A notification arrives at a real server on a real session bus; and what happens where there is none."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from service.managers import Managers
from sorterd.service import desktop

DAEMON = shutil.which("dbus-daemon")
SERVER = textwrap.dedent(
    """
    import asyncio, sys
    from dbus_fast.aio import MessageBus
    from dbus_fast.service import ServiceInterface, method, signal

    CLICKS = sys.argv[1:] == ["clicks"]

    class Notifications(ServiceInterface):
        @method()
        def Notify(self, app: "s", o: "u", i: "s", title: "s", text: "s", a: "as", hints: "a{sv}", t: "i") -> "u":
            print(app, title, text, sep="|", flush=True)
            loop = asyncio.get_running_loop()
            if CLICKS and "default" in a:  # once the answer is out
                loop.call_later(0.05, self.ActionInvoked, 1, "default")
            elif CLICKS:
                loop.call_later(0.05, self.NotificationClosed, 1, 2)
            return 1
        @signal()
        def ActionInvoked(self, id, action) -> "us":
            return [id, action]
        @signal()
        def NotificationClosed(self, id, reason) -> "uu":
            return [id, reason]
        @method()
        def GetServerInformation(self) -> "ssss":
            return ["test", "sorterd", "1", "1.2"]
        @method()
        def GetCapabilities(self) -> "as":
            return ["body", "actions"] if CLICKS else ["body"]

    async def serve():
        bus = await MessageBus().connect()
        bus.export("/org/freedesktop/Notifications", Notifications("org.freedesktop.Notifications"))
        await bus.request_name("org.freedesktop.Notifications")
        print("ready", flush=True)
        await bus.wait_for_disconnect()

    asyncio.run(serve())
    """
)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a process in a session with a bus of its own."""
    if DAEMON is None or sys.platform == "darwin":
        pytest.skip("dbus-daemon is not installed, or is nothing that is asked")
    command = [DAEMON, "--session", "--nofork", "--print-address", f"--address=unix:path={tmp_path}/bus"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert daemon.stdout is not None
    assert daemon.stdout.readline().startswith("unix:")
    environ = {key: value for key, value in os.environ.items() if key != desktop.ADDRESS}
    yield {**environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    daemon.kill()
    daemon.communicate()


def show(environ: dict[str, str], *on_click: str) -> subprocess.CompletedProcess[str]:
    command = desktop.command("sorterd", "7 filed, <b>3</b> need you", on_click)
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def notification_server(bus: dict[str, str], *how: str) -> Iterator[IO[str]]:
    address = desktop.bus_address(bus)
    assert address is not None
    environ = {**bus, desktop.ADDRESS: address}
    server = subprocess.Popen([sys.executable, "-c", SERVER, *how], env=environ, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    yield server.stdout
    server.kill()
    server.communicate()


def test_a_notification_arrives(bus: dict[str, str]) -> None:
    with notification_server(bus) as said:
        shown = show(bus)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert said.readline() == "sorterd|sorterd|7 filed, <b>3</b> need you\n"


def test_a_click_starts_the_page_and_systemd_does_it_for_its_service(bus: dict[str, str], tmp_path: Path) -> None:
    """What such a service starts itself has its restrictions, with which no browser works."""
    managers = Managers(tmp_path / "bin")
    managers.there("systemd-run")
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    page = ["/bin/sh", "-c", f"echo page > {opened}"]
    with notification_server(bus, "clicks"):
        by_hand = subprocess.run(desktop.command("sorterd", "3 need you", page), env=bus, timeout=60, check=True)
        assert by_hand.returncode == 0
        assert opened.read_text() == "page\n"  # the page outlives the process that showed the notification
        under_systemd = {"NOTIFY_SOCKET": "/x", "PATH": str(managers.folder), "XDG_STATE_HOME": "/my state"}
        subprocess.run(desktop.command("sorterd", "3", page), env={**bus, **under_systemd}, timeout=60, check=True)
        (asked,) = managers.asked
        assert asked.startswith(
            "systemd-run --quiet --collect --property=StandardOutput=null --property=StandardError=journal "
        )
        assert "--setenv=XDG_STATE_HOME=/my state /bin/sh -c echo page" in asked
        managers.answer({"systemd-run": (1, "", "Failed to connect to bus\n")})
        failed = show({**bus, **under_systemd}, *page)
    assert (failed.returncode, failed.stderr) == (
        desktop.CLICK_FAILED,
        "a click opens nothing: Failed to connect to bus\n",
    )


def test_where_nothing_can_be_clicked_it_ends_at_once(bus: dict[str, str]) -> None:
    with notification_server(bus):
        assert show(bus, "/no/page").returncode == 0


def test_a_bus_without_a_desktop_is_said_in_one_line(bus: dict[str, str]) -> None:
    shown = show(bus)
    assert (shown.returncode, shown.stderr) == (1, "no desktop shows notifications\n")


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no session bus")
def test_without_a_session_there_is_nothing_to_show_it_on(tmp_path: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    assert not desktop.has_notifications(environ)
    assert not desktop.has_notifications({})
    assert show(environ).stderr == "there is no session bus\n"


def test_an_address_in_the_environment_counts() -> None:
    assert desktop.bus_address({desktop.ADDRESS: "unix:path=/run/x"}) == "unix:path=/run/x"


def test_macos_shows_it_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert desktop.has_notifications({})
    command = desktop.command("sorterd", '1 filed" & (do shell script "x")')
    assert command[0] == "/usr/bin/osascript"
    assert command[-2:] == ["sorterd", '1 filed" & (do shell script "x")']  # arguments, not part of the script
