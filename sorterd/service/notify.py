"""Report the service's state to systemd as sd_notify(3) does: one datagram of KEY=value lines to a socket.

Standard library only. Without systemd (a terminal, launchd, a container) there is no socket, and nothing is sent.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sorterd.log import get_logger
from sorterd.text import printable

SEND_SECONDS = 1.0  # the manager's queue may be full; waiting longer would stall the daemon's loop


@dataclass(frozen=True, slots=True)
class Notifier:
    """Sends to `address`, the value of $NOTIFY_SOCKET. If it is None, nothing is sent."""

    address: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Notifier:
        """Return the notifier for a process with this environment."""
        return cls(environ.get("NOTIFY_SOCKET") or None)

    def ready(self, status: str) -> None:
        """Report that the start is over: root, database and watcher work.

        With Type=notify the unit counts as started now.
        """
        self._send(f"READY=1\nSTATUS={printable(status)}")

    def status(self, text: str) -> None:
        """Report the line that `systemctl status` shows."""
        self._send(f"STATUS={printable(text)}")

    def reloading(self) -> None:
        """Report that the config is being read again. `ready` reports the end of that."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def watchdog(self) -> None:
        """Report that everything that must be alive is alive.

        Call it every `watchdog_interval`, or systemd kills and restarts us.
        """
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Report that the end was asked for and has begun."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if self.address is None:
            return
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address  # @: abstract, no file
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.settimeout(SEND_SECONDS)
                channel.sendto(os.fsencode(message), os.fsencode(address))
        except OSError as error:  # videos can be filed even if the manager cannot be told
            get_logger().warning("cannot tell the service manager", message=message, error=str(error))


def watchdog_interval(environ: Mapping[str, str], pid: int) -> float | None:
    """Return the seconds between two `watchdog` calls: half of WatchdogSec=, see sd_watchdog_enabled(3).

    Return None if no watchdog is set, or if it is meant for another process than `pid`.
    """
    microseconds = environ.get("WATCHDOG_USEC", "")
    if environ.get("WATCHDOG_PID", str(pid)) != str(pid) or not microseconds.isascii() or not microseconds.isdigit():
        return None
    return int(microseconds) / 2_000_000 or None
