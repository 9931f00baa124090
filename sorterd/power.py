"""Whether this computer runs on its battery. Where nothing says so, it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
PMSET_SECONDS = 5.0


def on_battery() -> bool:
    """Return whether this computer draws its power from a battery, as far as the system says."""
    if sys.platform == "darwin":
        return drawn_from_battery(_pmset())
    return discharging(SUPPLIES)


def discharging(supplies: Path) -> bool:
    """Return whether a battery of the computer is discharging and no other supply is online (Linux, by sysfs).

    Batteries of mice and headsets do not count. The rule is that of systemd's ConditionACPower.
    """
    try:
        found = list(supplies.iterdir())
    except OSError:  # a computer, or a container, without any
        return False
    on_battery = False
    for supply in found:
        if _read(supply / "scope") == "device":
            continue
        if _read(supply / "type") in ("battery", "ups"):
            on_battery |= _read(supply / "status") == "discharging"
        elif _read(supply / "online") in ("1", "2"):  # 2: a charger with a fixed or a programmable voltage
            return False
    return on_battery


def drawn_from_battery(pmset: str) -> bool:
    """Return whether `pmset -g batt` names a battery as the source (macOS). Its first line does."""
    first = pmset.partition("\n")[0]
    return "'Battery Power'" in first or "'UPS Power'" in first


def _read(attribute: Path) -> str:
    """Return an attribute in lower case, "" if there is none or the driver gives an error."""
    try:
        return attribute.read_text("ascii", "replace").strip().lower()
    except OSError:
        return ""


def _pmset() -> str:
    command = ["/usr/bin/pmset", "-g", "batt"]
    try:
        return subprocess.run(
            command, check=False, capture_output=True, text=True, errors="replace", timeout=PMSET_SECONDS
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
