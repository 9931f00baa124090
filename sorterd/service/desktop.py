"""Show a notification on the desktop.

A child process does it, so a desktop that does not answer cannot hold up the service, and nothing stays in its memory.
On macOS that is `osascript`: the notification centre itself accepts only application bundles.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

ADDRESS = "DBUS_SESSION_BUS_ADDRESS"
EXTRA = "desktop-notifier>=6"  # the extra `desktop` in pyproject.toml
SEND_SECONDS = 10.0
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


def command(title: str, text: str) -> list[str]:
    """Return the command that shows a notification. It ends with 0 if that was accepted, else prints why not."""
    if sys.platform == "darwin":
        lines = [part for line in _SCRIPT for part in ("-e", line)]
        return ["/usr/bin/osascript", *lines, title, text]
    return [sys.executable, "-P", "-m", "sorterd.service.desktop", title, text]


def main(title: str, text: str, environ: dict[str, str]) -> str:
    """Show a notification through the session bus. Return "", or why it was not shown."""
    import asyncio
    import logging

    try:
        from desktop_notifier import DesktopNotifier
    except ModuleNotFoundError as error:
        return f"{error.name} is missing: pip install 'sorterd[desktop]'"
    logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)  # it logs each failure, with a traceback
    address = bus_address(environ)
    if address is None:
        return "there is no session bus"
    environ[ADDRESS] = address
    shown: list[bool] = []

    async def send() -> None:
        notifier = DesktopNotifier(app_name="sorterd", app_icon=None)
        await asyncio.wait_for(notifier.send(title, text, on_dispatched=lambda: shown.append(True)), SEND_SECONDS)

    try:
        asyncio.run(send())
    except TimeoutError:
        return "the desktop does not answer"
    return "" if shown else "no desktop shows notifications"


if __name__ == "__main__":
    import os

    sys.exit(main(sys.argv[1], sys.argv[2], os.environ) or 0)  # type: ignore[arg-type]
