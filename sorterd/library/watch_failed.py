"""What goes wrong with watching a folder. In a file of its own, because every command explains it and few watch."""

from __future__ import annotations


class WatchFailed(Exception):
    """The root cannot be watched. The message says why."""


class WatcherDied(Exception):
    """The watcher died again soon after it was repaired. A restart by the service manager is the next remedy."""
