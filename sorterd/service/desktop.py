"""Show a notification on the desktop.

A child process does it, so a desktop that does not answer cannot hold up the service, and nothing stays in its memory.
On macOS that is `osascript`: the notification centre itself accepts only application bundles.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sorterd.service.install import CARRIED
from sorterd.service.manager import ask, managed

ADDRESS = "DBUS_SESSION_BUS_ADDRESS"
EXTRA = "desktop-notifier>=6"  # the extra `desktop` in pyproject.toml
SEND_SECONDS = 10.0
CLICK_SECONDS = 3600.0  # then the next notification may come
CLICK_FAILED = 3  # the exit status if it was shown, but a click opened nothing
PLACES = (*CARRIED, "XDG_CONFIG_HOME", "XDG_STATE_HOME")
_SCRIPT = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")


def bus_address(environ: Mapping[str, str]) -> str | None:
    """Return where the session bus of a process with this environment listens, None if it has none (Linux)."""
    if environ.get(ADDRESS):
        return environ[ADDRESS]
    bus = Path(environ.get("XDG_RUNTIME_DIR") or "/nowhere") / "bus"
    return f"unix:path={bus}" if bus.is_socket() else None


def has_notifications(environ: Mapping[str, str]) -> bool:
    """Return whether there may be a desktop that shows notifications."""
    return sys.platform == "darwin" or bus_address(environ) is not None


def command(title: str, text: str, on_click: Sequence[str] = ()) -> list[str]:
    """Return the command that shows a notification. It ends with 0 if that was accepted, else prints why not.

    With `on_click`, a command, it stays until the notification is clicked, and then starts that. On macOS a click does
    nothing, because the notification is osascript's.
    """
    if sys.platform == "darwin":
        lines = [part for line in _SCRIPT for part in ("-e", line)]
        return ["/usr/bin/osascript", *lines, title, text]
    return [sys.executable, "-P", "-m", "sorterd.service.desktop", title, text, *on_click]


def main(title: str, text: str, on_click: Sequence[str], environ: dict[str, str]) -> str | int:
    """Show a notification through the session bus, and wait for a click.

    Return what sys.exit takes: 0, CLICK_FAILED, or why nothing could be shown.
    """
    import asyncio
    import logging

    try:
        from desktop_notifier import Capability, DesktopNotifier
    except ModuleNotFoundError as error:
        return f"{error.name} is missing: pip install 'sorterd[desktop]'"
    logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)  # it logs each failure, with a traceback
    address = bus_address(environ)
    if address is None:
        return "there is no session bus"
    environ[ADDRESS] = address
    shown: list[bool] = []

    async def show() -> bool:
        """Return whether the notification was clicked."""
        notifier, answered, clicked = DesktopNotifier(app_name="sorterd", app_icon=None), asyncio.Event(), False

        def on_clicked() -> None:
            nonlocal clicked
            clicked = True
            answered.set()

        dispatched = lambda: shown.append(True)  # noqa: E731
        sending = notifier.send(title, text, on_dispatched=dispatched, on_clicked=on_clicked, on_dismissed=answered.set)
        await asyncio.wait_for(sending, SEND_SECONDS)
        clickable = {Capability.ON_CLICKED, Capability.BUTTONS}  # the latter: its server knows actions
        if shown and on_click and clickable <= await notifier.get_capabilities():
            with suppress(TimeoutError):
                await asyncio.wait_for(answered.wait(), CLICK_SECONDS)
        return clicked

    try:
        clicked = asyncio.run(show())
    except TimeoutError:
        return "the desktop does not answer"
    if clicked and (complaint := _start(on_click, environ)):
        print(f"a click opens nothing: {complaint}", file=sys.stderr)
        return CLICK_FAILED
    return 0 if shown else "no desktop shows notifications"


def _start(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """Start a program for the user that outlives this one. Return "", or why that was impossible.

    What a service under systemd starts has its restrictions, with which no browser works. So systemd starts it then.
    """
    if not managed(environ):
        nowhere = subprocess.DEVNULL
        subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
        return ""
    carried = [f"--setenv={name}={environ[name]}" for name in PLACES if environ.get(name)]
    # The page prints a secret. Its errors belong in the journal; without the last property they would go to null too.
    quietly = ["--quiet", "--collect", "--property=StandardOutput=null", "--property=StandardError=journal"]
    answer = ask(["systemd-run", "--user", *quietly, *carried, "--", *command])
    return "" if answer.ok else answer.complaint


if __name__ == "__main__":
    import os

    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:], os.environ))  # type: ignore[arg-type]
