"""One look at the whole library: which videos lie where, by name and by what `lstat` tells, without opening a file."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from sorterd import cloud
from sorterd.library.beneath import join, opened
from sorterd.library.files import FileId, FolderId, Listing, SeenFile
from sorterd.library.layout import Rules, intermediates, is_junk

_GRANT = (  # macOS refuses services the user's folders and outer disks until they are allowed, whatever the file modes
    "give it Full Disk Access under System Settings, Privacy & Security"
    if sys.platform == "darwin"
    else "allow sorterd's user to read it"
)


class RootUnavailable(Exception):
    """The videos folder cannot be looked at; nothing may be concluded about the files in it."""


def scan(root: Path, rules: Rules) -> Listing:
    """Given the videos folder, return every video in it, its categories, and what could not be looked at.

    Symlinks are neither followed nor listed, hidden and junk folders are skipped, and an entry that vanishes during
    the scan is simply not there. Raise `RootUnavailable` if the root is missing, no folder, unreadable, or no longer
    the same folder at the end: an unmounted disk must not look like an empty library (Immich #17290, Tdarr #915).
    """
    try:
        with opened(root, "") as descriptor:
            identity = _folder_id(os.fstat(descriptor))
            listing = _Walk(descriptor, rules).listing(identity)
        if _folder_id(root.stat()) != identity:
            raise RootUnavailable(f"{root} was replaced by another folder during the scan; looking again later")
    except NotADirectoryError:
        raise RootUnavailable(f"{root} is not a folder; set `videos` to the folder that holds your videos") from None
    except FileNotFoundError:
        raise RootUnavailable(f"{root} is not there; is the disk that holds it mounted?") from None
    except PermissionError as error:
        raise RootUnavailable(f"{root} cannot be read ({error.strerror}); {_GRANT}") from None
    except OSError as error:
        raise RootUnavailable(f"{root} cannot be read: {error.strerror}") from None
    return listing


class _Walk:
    """One scan in progress: what was found so far."""

    def __init__(self, root: int, rules: Rules) -> None:
        self._root = root
        self._rules = rules
        self._files: dict[str, SeenFile] = {}
        self._categories: dict[str, FolderId] = {}
        self._unreadable: list[tuple[str, str]] = []
        self._devices: set[int] = set()

    def listing(self, identity: FolderId) -> Listing:
        # The root's own errors are the caller's; those of the folders in it are part of the result.
        waiting = self._look(self._root, "")
        while waiting:
            folder = waiting.pop()
            try:
                with opened(self._root, folder) as descriptor:
                    waiting += self._look(descriptor, folder)
            except FileNotFoundError:
                continue
            except OSError as error:
                reason = cloud.REASON if cloud.refused(error.errno) else f"cannot be read: {error.strerror}"
                self._unreadable.append((folder, f"the folder {reason}"))
        unreadable = tuple(sorted(self._unreadable))
        return Listing(identity, self._files, self._categories, unreadable, frozenset(self._devices))

    def _look(self, descriptor: int, folder: str) -> list[str]:
        """Note the videos in one folder and return the folders in it that are worth a look."""
        folders = []
        self._devices.add(os.fstat(descriptor).st_dev)
        with os.scandir(descriptor) as entries:
            names = {entry.name: entry for entry in entries}
        unfinished = intermediates(names)
        for name, entry in names.items():
            path = join(folder, name)
            if is_junk(name) or self._rules.ignored(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
                if not folder and (found := self._lstat(entry, path)):
                    self._categories[path] = _folder_id(found)
            elif self._rules.is_video(name) and name not in unfinished:
                found = self._lstat(entry, path)
                if found and stat.S_ISREG(found.st_mode):
                    touched = max(found.st_mtime_ns, found.st_ctime_ns)
                    self._files[path] = SeenFile(path, file_id(found), touched, cloud.holds_content(found))
        return folders

    def _lstat(self, entry: os.DirEntry[str], path: str) -> os.stat_result | None:
        try:
            return entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._unreadable.append((path, f"cannot be looked at: {error.strerror}"))
            return None


def file_id(found: os.stat_result) -> FileId:
    """The identity that `stat` or `lstat` tells."""
    return FileId(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _folder_id(found: os.stat_result) -> FolderId:
    return FolderId(found.st_dev, found.st_ino)
