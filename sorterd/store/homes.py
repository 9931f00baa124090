"""Where the state of a library lies, found by its folder of videos, whichever way that is named.

Without a config it is `folder-<digest of the path>` in the default state folder; with one it is what the config says,
or else the default state folder itself. So that each way finds what another one has begun, a link under the first of
these names leads to a state that lies elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sorterd.config.home import state_home
from sorterd.store.database import StoreError, connect_for_reading
from sorterd.store.journal_file import JOURNAL
from sorterd.store.notes import Notes
from sorterd.store.older_spare import SPARE
from sorterd.store.settings import VIDEOS
from sorterd.store.store import DATABASE


def default_state() -> Path:
    """The state folder of whoever names none. Raise ConfigError if this user has no home folder."""
    return state_home()


def state_by_folder(videos: Path) -> Path:
    """The place of the state, or of the link to it, of one folder of videos, given with all its links resolved."""
    digest = hashlib.blake2b(os.fsencode(videos), digest_size=6).hexdigest()
    return default_state() / f"folder-{digest}"


def noted_videos(state_dir: Path) -> str | None:
    """Return the folder of videos that a state is about; None if there is no state, or it cannot tell."""
    if not (state_dir / DATABASE).exists():
        return None
    try:
        with closing(connect_for_reading(state_dir / DATABASE)) as connection:
            noted = Notes(connection).get(VIDEOS)
    except (sqlite3.Error, StoreError, ValueError):  # damaged, or of another version: whoever opens it says so
        return None
    return None if noted is None else str(noted)


def holds_state(state_dir: Path) -> bool:
    """Whether a library has its state there: more than the empty database that a mere question used to leave."""
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
    """Have `state_by_folder` lead to this state of `videos` from now on, unless another state lies there.

    `videos` with all its links resolved. Raise OSError.
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
