"""Find the state folder of a library by its folder of videos.

Without a config the state is `folder-<digest of the path>` in the default state folder. With one it is the config's
`state_dir`, or else the default state folder itself. In the second case a symbolic link with the first name leads to
it, so that `--videos` and a config for the same folder find the same state.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sorterd.config.home import state_home
from sorterd.store.database import StoreError, connect_for_reading
from sorterd.store.journal_file import JOURNAL, SPARE
from sorterd.store.notes import Notes
from sorterd.store.settings import VIDEOS
from sorterd.store.store import DATABASE


def default_state() -> Path:
    """Return the state folder for a config that names none. Raise ConfigError if this user has no home folder."""
    return state_home()


def state_by_folder(videos: Path) -> Path:
    """Return the path of the state of `videos`, or of the link to it. All links in `videos` are resolved."""
    digest = hashlib.blake2b(os.fsencode(videos), digest_size=6).hexdigest()
    return default_state() / f"folder-{digest}"


def noted_videos(state_dir: Path) -> str | None:
    """Return the folder of videos that a state belongs to, None if there is no state or it cannot be read."""
    if not (state_dir / DATABASE).exists():
        return None
    try:
        with closing(connect_for_reading(state_dir / DATABASE)) as connection:
            noted = Notes(connection).get(VIDEOS)
    except (sqlite3.Error, StoreError, ValueError):  # damaged or of another version: opening it will report that
        return None
    return None if noted is None else str(noted)


def holds_state(state_dir: Path) -> bool:
    """Return whether a library has its state there.

    An empty database does not count, as commands that only read used to leave one behind.
    """
    if any((state_dir / name).exists() for name in (JOURNAL, SPARE)):
        return True
    database = state_dir / DATABASE
    try:
        if not database.exists():
            return False
        with closing(connect_for_reading(database)) as connection:
            return Notes(connection).get(VIDEOS) is not None
    except (sqlite3.Error, StoreError, ValueError):
        return True


def link_state(videos: Path, state_dir: Path) -> None:
    """Link the path `state_by_folder(videos)` to this state, unless another state lies there.

    All links in `videos` are resolved. Raise OSError.
    """
    link = state_by_folder(videos)
    if os.path.realpath(state_dir) in (os.path.realpath(link), os.path.realpath(default_state())) or holds_state(link):
        return
    link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = link.with_name(f"{link.name}.new-{os.getpid()}")
    new.symlink_to(state_dir)
    if link.is_dir() and not link.is_symlink():
        link.rename(link.with_name(f"{link.name}.unused-{os.getpid()}"))
    new.replace(link)
