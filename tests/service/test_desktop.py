"""A notification arrives at a real server on a real session bus; and what happens where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from sorterd.service import desktop

DAEMON = shutil.which("dbus-daemon")
SERVER = textwrap.dedent(
    """
    import asyncio, sys
    from dbus_fast.aio import MessageBus
    from dbus_fast.service import ServiceInterface, method

    class Notifications(ServiceInterface):
        @method()
        def Notify(self, app: "s", o: "u", i: "s", title: "s", text: "s", a: "as", hints: "a{sv}", t: "i") -> "u":
            print(app, title, text, sep="|", flush=True)
            return 1
        @method()
        def GetServerInformation(self) -> "ssss":
            return ["test", "sorterd", "1", "1.2"]
        @method()
        def GetCapabilities(self) -> "as":
            return ["body"]

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
    if DAEMON is None:
        pytest.skip("dbus-daemon is not installed")
    command = [DAEMON, "--session", "--nofork", "--print-address", f"--address=unix:path={tmp_path}/bus"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert daemon.stdout is not None
    assert daemon.stdout.readline().startswith("unix:")
    environ = {key: value for key, value in os.environ.items() if key != desktop.ADDRESS}
    yield {**environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    daemon.kill()
    daemon.communicate()


def show(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = desktop.command("sorterd", "7 filed, <b>3</b> need you")
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no session bus")
def test_a_notification_arrives(bus: dict[str, str]) -> None:
    address = desktop.bus_address(bus)
    assert address is not None
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], env={**bus, desktop.ADDRESS: address}, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    shown = show(bus)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert server.stdout.readline() == "sorterd|sorterd|7 filed, <b>3</b> need you\n"
    server.kill()
    server.communicate()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no session bus")
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
