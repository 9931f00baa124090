"""Tell which files of a folder may belong to a running download, and until when."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection
from pathlib import Path

from sorterd.library.downloads import beginning, not_whole, tracks
from sorterd.library.files import Unfinished
from sorterd.library.sound_track import has_sound

JOIN_SECONDS = 3600.0  # a track that nothing has joined for that long is a video like any other
_TRACK = "it looks like a track of a download, which waits to be joined with another one"

Lstat = Callable[[str], os.stat_result | None]


def unfinished(names: Collection[str], lstat: Lstat) -> dict[str, Unfinished]:
    """Return the names in a folder that may be unfinished.

    `lstat` is called with a name. It returns None for a file that is gone.
    """
    found = {
        name: Unfinished(_TRACK, _last_change(track.group, lstat), track.sure) for name, track in tracks(names).items()
    }
    for name, beside in not_whole(names).items():
        found[name] = Unfinished(f"{beside} beside it says that it is not whole yet")
    return found


def is_silent(path: Path) -> bool:
    """Return whether a file may be the pictures of a download without its sound: it has none, or that is unknown."""
    try:
        return has_sound(path) is not True
    except OSError:
        return True


def why_unfinished(path: Path, now: float) -> str | None:
    """Return why a file looks unfinished now (seconds, wall clock), or None if it does not, or if it is gone."""

    def lstat(name: str) -> os.stat_result | None:
        try:
            return path.with_name(name).lstat()
        except OSError:
            return None

    start = beginning(path.name)
    try:
        names = [name for name in os.listdir(path.parent) if name.startswith(start)]  # noqa: PTH208  # of thousands few
    except OSError:
        return None
    found = unfinished(names, lstat).get(path.name)
    if found is None or (not found.sure and not is_silent(path)):
        return None
    # A time in the future says nothing; the sync that called the file settled has waited for it.
    running = found.changed_ns is None or 0 <= now - found.changed_ns / 1e9 < JOIN_SECONDS
    return found.because if running else None


def _last_change(names: Collection[str], lstat: Lstat) -> int:
    """Return when the last of these files changed (ns), 0 if none is left."""
    stats = [found for name in names if (found := lstat(name)) is not None and stat.S_ISREG(found.st_mode)]
    return max((max(found.st_mtime_ns, found.st_ctime_ns) for found in stats), default=0)
