"""Open something in the user's browser, if there is a desktop."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from pathlib import Path

ANSWER_SECONDS = 5.0


def has_desktop() -> bool:
    """Return whether a browser would open a window. A text browser would take over this terminal."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def opened_in_browser(path: Path) -> bool:
    """Open a file and return whether that was possible."""
    return has_desktop() and webbrowser.open(path.absolute().as_uri())


def folder_of_snap(folder: Path) -> Path | None:
    """Return the folder that the default browser may read instead of this one, None if it may read this one.

    A browser that is a snap, as Firefox on Ubuntu is, reads no hidden folders in the home, but `~/snap/NAME/common`
    (https://snapcraft.io/docs/home-interface).
    """
    if not has_desktop() or not any(part.startswith(".") for part in folder.absolute().parts):
        return None
    try:
        asked = subprocess.run(
            ["xdg-settings", "get", "default-web-browser"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None  # there is no desktop that could say
    snap, named, _ = asked.stdout.strip().partition("_")  # firefox_firefox.desktop
    own = Path.home() / "snap" / snap / "common"
    return own if named and "/" not in snap and own.is_dir() else None
