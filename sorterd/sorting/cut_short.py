"""Find the source and destination of a move that a crash cut short, even if folders have changed since."""

from __future__ import annotations

import stat
from pathlib import Path

from sorterd.library.endpoints import alike
from sorterd.library.files import FileId, FolderId
from sorterd.library.mounts import mounts_of
from sorterd.library.plan import MovePlan
from sorterd.library.scan import file_id
from sorterd.store.settings import MOUNTS, ROOT
from sorterd.store.store import Store
from sorterd.sync.guard import disk_away


def is_disk_away(root: Path, store: Store, plan: MovePlan) -> bool:
    """Return whether the source or destination of a move was on a disk of its own that is away now, or is covered by
    another one."""
    changed = set((store.notes.get(MOUNTS) or {"below": []})["below"]) ^ mounts_of(root).below
    if any(f"{path}/".startswith(f"{point}/") for path in (plan.source, plan.destination) for point in changed):
        return True
    noted, here = store.notes.get(ROOT), root.stat()
    for path in (plan.source, plan.destination):
        category = path.partition("/")[0]
        known, now = store.files.category_folders().get(category), which_directory(root / category)
        if known is not None and now is not None:
            before = FolderId(*noted) if noted else None
            if disk_away(known, now, before, FolderId.of(here)):
                return True
    return False


def found_again(root: Path, store: Store, destination: str, id: FileId) -> Path | None:
    """Return the path of a video that arrived and whose category was renamed afterwards, or None."""
    category, _, name = destination.partition("/")
    known = store.files.category_folders().get(category)
    folders = [path for path in root.iterdir() if known is not None and which_directory(path) == known]
    found = [folder / name for folder in folders if name and (folder / name).is_file()]
    return next((path for path in found if file_id(path.lstat()).without_device == id.without_device), None)


def recovered_id(arrived: Path, id: FileId) -> FileId:
    """Return the identity to record for the file that recovery found at the destination.

    If it is not clearly the file that was moved (the disk keeps no exact times, or the user has put another file
    there), return the old identity, so that the next sync reads the file.
    """
    found = arrived.lstat()
    return file_id(found) if alike(found, id) else id


def which_directory(path: Path) -> FolderId | None:
    """Return the identity of a directory, None if it is gone, no directory, or cannot be examined."""
    try:
        found = path.lstat()
    except OSError:  # also a dead mount (ENOTCONN, ESTALE, EIO): opening the folder will report the error
        return None
    return FolderId.of(found) if stat.S_ISDIR(found.st_mode) else None
