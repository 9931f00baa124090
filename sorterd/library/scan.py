"""List the whole library: which videos lie where, by name and `lstat`, without opening them."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sorterd import cloud
from sorterd.captions.source import FileSeen
from sorterd.library.files import FileId, FolderId, Listing, SeenFile, Unfinished, category_of
from sorterd.library.junk import is_hidden, is_litter, why_not_entered
from sorterd.library.layout import LayoutRules
from sorterd.library.left_alone import SPECIAL, SYMLINK, is_no_video, why_hidden, why_not_a_video
from sorterd.library.magic import HEAD_BYTES
from sorterd.library.mounts import mounts_of
from sorterd.library.names import stem_and_extension
from sorterd.library.openat import join, opened, opened_file
from sorterd.library.text_sidecars import text_sidecars
from sorterd.library.unfinished import unfinished

# macOS refuses services the user's folders and external disks until they are allowed, whatever the file modes.
_GRANT = (
    "give it Full Disk Access under System Settings, Privacy & Security"
    if sys.platform == "darwin"
    else "allow sorterd's user to read it"
)


class RootUnavailable(Exception):
    """The videos folder cannot be looked at. Nothing may be concluded about the files in it."""


def scan(root: Path, rules: LayoutRules, *, texts: bool = False) -> Listing:
    """Return every video in the videos folder, its categories, and what could not be looked at.

    Symlinks are neither followed nor listed. Hidden folders and packages are not entered. An entry that vanishes during
    the scan is simply not there. Raise `RootUnavailable` if the root is missing, no folder, unreadable, or another
    folder at the end: an unmounted disk must not look like an empty library (Immich #17290, Tdarr #915). With `texts`,
    also list the text sidecars of each video.
    """
    try:
        with opened(root, "") as descriptor:
            identity, before = FolderId.of(os.fstat(descriptor)), mounts_of(root)
            listing = _Walk(descriptor, rules, texts=texts).listing(identity)
        if FolderId.of(root.stat()) != identity:
            raise RootUnavailable(f"{root} was replaced by another folder during the scan; looking again later")
    except NotADirectoryError:
        raise RootUnavailable(f"{root} is not a folder; set `videos` to the folder that holds your videos") from None
    except FileNotFoundError:
        raise RootUnavailable(f"{root} is not there; is the disk that holds it mounted?") from None
    except PermissionError as error:
        raise RootUnavailable(f"{root} cannot be read ({error.strerror}); {_GRANT}") from None
    except OSError as error:
        raise RootUnavailable(f"{root} cannot be read: {error.strerror}") from None
    # A disk that was mounted or unmounted meanwhile was not there for the whole scan.
    after = mounts_of(root)
    return replace(listing, mounts=replace(after, below=before.below & after.below))


class _Walk:
    """One scan in progress."""

    def __init__(self, root: int, rules: LayoutRules, *, texts: bool) -> None:
        self._root = root
        self._rules = rules
        self._with_texts = texts
        self._texts: dict[str, tuple[FileSeen, ...]] = {}
        self._files: dict[str, SeenFile] = {}
        self._folders: dict[str, FolderId] = {}
        self._unreadable: list[tuple[str, str]] = []
        self._left_alone: list[tuple[str, str]] = []
        self._unfinished: dict[str, Unfinished] = {}
        self._used: set[str | None] = set()  # top folders in which anything lies
        self._devices: set[int] = set()

    def listing(self, identity: FolderId) -> Listing:
        # An error of the root is raised; an error of a folder in it is part of the result.
        waiting = self._scan_folder(self._root, "")
        while waiting:
            folder = waiting.pop()
            try:
                with opened(self._root, folder) as descriptor:
                    waiting += self._scan_folder(descriptor, folder)
            except FileNotFoundError:
                continue
            except OSError as error:
                reason = cloud.REASON if cloud.refused(error.errno) else f"cannot be read: {error.strerror}"
                self._unreadable.append((folder, f"the folder {reason}"))
        categories = self._categories()
        return Listing(
            identity,
            self._files,
            categories,
            tuple(sorted(self._unreadable)),
            frozenset(self._devices),
            self._unfinished,
            tuple(sorted(self._left_alone)),
            texts=self._texts,
            without_videos={name: id for name, id in self._folders.items() if name not in categories},
        )

    def _categories(self) -> dict[str, FolderId]:
        """Return the top folders that hold videos, are empty or cannot be read.

        A folder with nothing but other files (the pictures of a slide show) is no category.
        """
        filled = {category_of(path) for path in self._files} | {category_of(f"{path}/") for path, _ in self._unreadable}
        return {name: id for name, id in self._folders.items() if name in filled or name not in self._used}

    def _scan_folder(self, descriptor: int, folder: str) -> list[str]:
        """Record the videos in one folder. Return the folders in it to scan."""
        folders = []
        self._devices.add(os.fstat(descriptor).st_dev)
        with os.scandir(descriptor) as entries:
            names = {entry.name: entry for entry in entries}
        videos, others = [], []
        for name, entry in names.items():
            path = join(folder, name)
            if self._rules.ignored(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                if self._enters(name, path):
                    folders.append(path)
                    if not folder and (found := self._lstat(entry, path)):
                        self._folders[path] = FolderId.of(found)
            elif not is_litter(name):
                self._used.add(category_of(path))
                if entry.is_symlink():
                    if not is_no_video(name):
                        self._left_alone.append((path, SYMLINK))
                elif self._rules.is_video(name):
                    self._add_video(descriptor, entry, path)
                    videos.append(name)
                else:
                    others.append(name)
        self._add_others(folder, others, videos)
        if self._with_texts:
            self._add_texts(descriptor, folder, names, others, videos)
        for name, why in unfinished(names, lambda name: self._lstat(names[name], join(folder, name))).items():
            if (path := join(folder, name)) in self._files:
                self._unfinished[path] = why
        return folders

    def _enters(self, name: str, path: str) -> bool:
        reason = why_not_entered(name)
        if reason is not None and not is_litter(name):
            self._used.add(category_of(path))
            self._left_alone.append((path, reason))
        return reason is None

    def _add_video(self, descriptor: int, entry: os.DirEntry[str], path: str) -> None:
        """Record a file with the name of a video. If a dot hides it, its first bytes must be those of a video."""
        found = self._lstat(entry, path)
        if found is None:
            return
        reason = None if stat.S_ISREG(found.st_mode) else SPECIAL
        here = cloud.holds_content(found)
        if reason is None and here and is_hidden(entry.name):
            try:
                with opened_file(descriptor, entry.name) as file:
                    reason = why_hidden(os.read(file, HEAD_BYTES))
            except FileNotFoundError:
                return
            except OSError as error:
                self._unreadable.append((path, f"cannot be looked at: {error.strerror}"))
                return
        if reason is None:
            self._files[path] = SeenFile(path, file_id(found), max(found.st_mtime_ns, found.st_ctime_ns), here)
        else:
            self._left_alone.append((path, reason))

    def _add_others(self, folder: str, names: list[str], videos: list[str]) -> None:
        """Record files that might be videos despite their names, except those that begin like a video in the folder."""
        reasons = {name: reason for name in names if (reason := why_not_a_video(name, self._rules))}
        if reasons:
            stems = {stem_and_extension(name)[0] for name in videos}
            for name, reason in reasons.items():
                pieces = name.split(".")
                if not any(".".join(pieces[:count]) in stems for count in range(1, len(pieces))):
                    self._left_alone.append((join(folder, name), reason))

    def _add_texts(
        self,
        descriptor: int,
        folder: str,
        entries: Mapping[str, os.DirEntry[str]],
        others: list[str],
        videos: list[str],
    ) -> None:
        """Record the text sidecars of each video, as far as they are regular files that can be read.

        No other file is looked at. One whose permissions change later is new then: neither size nor time would tell.
        """
        effective = os.access in os.supports_effective_ids
        for video, names in text_sidecars(others, videos).items():
            found = [(name, self._lstat(entries[name], join(folder, name))) for name in names]
            self._texts[join(folder, video)] = tuple(
                FileSeen(name, status.st_size, status.st_mtime_ns)
                for name, status in found
                if status is not None and stat.S_ISREG(status.st_mode)
                if os.access(name, os.R_OK, dir_fd=descriptor, effective_ids=effective)
            )

    def _lstat(self, entry: os.DirEntry[str], path: str) -> os.stat_result | None:
        try:
            return entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._unreadable.append((path, f"cannot be looked at: {error.strerror}"))
            return None


def file_id(found: os.stat_result) -> FileId:
    """Return the identity in a result of `stat` or `lstat`."""
    return FileId(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
