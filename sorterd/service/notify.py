"""Telling systemd how we are, as sd_notify(3) does: one datagram of KEY=value lines to the socket that it names.

Standard library only. Without systemd (a terminal, launchd, a container) there is no socket, and nothing is sent.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from sorterd.text import printable

SEND_SECONDS = 1.0  # the datagram queue of the manager can be full; waiting longer would stall the daemon's loop


@dataclass(frozen=True, slots=True)
class Notifier:
    """Sends to `address`, the value of $NOTIFY_SOCKET; None sends nothing."""

    address: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Notifier:
        """The notifier for a process with this environment."""
        return cls(environ.get("NOTIFY_SOCKET") or None)

    def ready(self, status: str) -> None:
        """Starting is over: root, database and watcher stand. With Type=notify the unit counts as started only now."""
        self._send(f"READY=1\nSTATUS={printable(status)}")

    def status(self, text: str) -> None:
        """What `systemctl status` shows in one line."""
        self._send(f"STATUS={printable(text)}")

    def reloading(self) -> None:
        """The config is being read again; `ready` says when that is over."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def watchdog(self) -> None:
        """Everything that must be alive is alive. Sent every `watchdog_interval`, or systemd kills and restarts us."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """The end was asked for and has begun."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if self.address is None:
            return
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address  # @: abstract, no file
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.settimeout(SEND_SECONDS)
                channel.sendto(os.fsencode(message), os.fsencode(address))
        except OSError as error:  # a manager that cannot be told is no reason to stop filing videos
            structlog.get_logger().warning("cannot tell the service manager", message=message, error=str(error))


def watchdog_interval(environ: Mapping[str, str], pid: int) -> float | None:
    """Seconds between two `watchdog` calls: half of what the unit allows (WatchdogSec=), see sd_watchdog_enabled(3).

    None where no watchdog is set, or where it is meant for another process than `pid`.
    """
    microseconds = environ.get("WATCHDOG_USEC", "")
    if environ.get("WATCHDOG_PID", str(pid)) != str(pid) or not microseconds.isascii() or not microseconds.isdigit():
        return None
    return int(microseconds) / 2_000_000 or None
