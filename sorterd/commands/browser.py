"""Open something in the user's browser, if there is a desktop."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path


def has_desktop() -> bool:
    """Return whether a browser would open a window. A text browser would take over this terminal."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def opened_in_browser(path: Path) -> bool:
    """Open a file and return whether that was possible."""
    return has_desktop() and webbrowser.open(path.absolute().as_uri())
