"""File videos by command, into an existing folder or a new one."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sorterd.changes import KnownFile
from sorterd.library.category import category_on_disk, why_no_category
from sorterd.library.move import MoveFailed, MoveResult
from sorterd.library.plan import MoveRefused
from sorterd.library.scan import file_id
from sorterd.sorting.made_folder import make_folder, remove_made_folder
from sorterd.sorting.mover import Mover
from sorterd.sync.known_path import known_path, why_unknown
from sorterd.text import printable


class NoSuchFolder(Exception):
    """Nothing can be filed in a folder. The message says why."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One video that was filed, with the number of its move."""

    number: int
    moved: MoveResult


@dataclass(frozen=True, slots=True)
class Filing:
    """Files videos by means of the mover."""

    mover: Mover

    def file(
        self, paths: Sequence[str], folder: str, *, new: bool, content: str | None = None
    ) -> tuple[list[Filed], list[tuple[str, str]]]:
        """Move known videos into a category, one after the other.

        `content` is the fingerprint that they must have: somebody has decided about that video. A folder that does not
        exist is made only with `new`, and only if there is a video to put into it. Return the videos that were moved,
        and (path, reason) of the others. Raise NoSuchFolder or StoreError.
        """
        category = self._category(folder, new=new)
        filed: list[Filed] = []
        refused: list[tuple[str, str]] = []
        made = False
        for path in dict.fromkeys(paths):
            try:
                if self.mover.should_stop():
                    raise MoveRefused("sorterd is ending; ask again when it runs")
                file = self._known(path, category or folder)
                if content is not None and file.fingerprint != content:
                    raise MoveRefused(f"another video lies at {path} now")
                if category is None:
                    made = self._make(folder)
                    category = folder
                moved = self.mover.file(file, category)
                filed.append(Filed(self.mover.store.journal.of(file.fingerprint)[0].number, moved))
            except (MoveRefused, MoveFailed) as error:
                refused.append((path, str(error)))
        if made and not filed:
            remove_made_folder(self.mover.root, self.mover.store, folder)
        return filed, refused

    def plan(self, paths: Sequence[str], folder: str) -> tuple[str, list[str], list[tuple[str, str]]]:
        """Return what `file` would do with `new`: the folder, the videos that can be moved, (path, reason) of others.

        Nothing is moved or made. What only the move itself can find out is not among the reasons. Raise NoSuchFolder.
        """
        category = self._category(folder, new=True) or folder
        planned: list[str] = []
        refused: list[tuple[str, str]] = []
        for path in dict.fromkeys(paths):
            try:
                planned.append(self._known(path, category).path)
            except MoveRefused as error:
                refused.append((path, str(error)))
        return category, planned, refused

    def _category(self, name: str, *, new: bool) -> str | None:
        """Return the folder as it is spelt on disk, None if it must be made. Raise NoSuchFolder."""
        reason = why_no_category(name, self.mover.rules)
        if reason is not None:
            raise NoSuchFolder(f"nothing can be filed in '{printable(name)}': {reason}")
        try:
            there = category_on_disk(self.mover.root, name)
        except OSError as error:
            raise NoSuchFolder(f"nothing can be filed in {printable(name)}: {error.strerror or error}") from error
        if there is None and not new:
            like = _similar(name, self.mover.store.files.folders())
            meant = f"; did you mean {' or '.join(map(printable, like))}?" if like else "."
            raise NoSuchFolder(
                f"there is no folder {printable(name)}{meant} A new one is made only if you say so (--new)"
            )
        return there

    def _known(self, path: str, folder: str) -> KnownFile:
        """Return the video at a path. Raise MoveRefused if it is unknown, in the folder already, or has changed."""
        if not os.path.lexists(self.mover.root / path):
            path = known_path(self.mover.store, path)
        file = self.mover.store.files.at(path)
        if file is None or not file.fingerprint:
            there = os.path.lexists(self.mover.root / path)
            raise MoveRefused(why_unknown(self.mover.store, self.mover.root, self.mover.rules, path, there=there))
        if file.category == folder:
            accept = "; 'confirm' accepts that it belongs there" if file.source == "auto" else ""
            raise MoveRefused(f"{file.path} is in {folder} already{accept}")
        try:
            found = file_id((self.mover.root / file.path).lstat())
        except OSError as error:
            raise MoveRefused(f"{file.path} cannot be reached: {error.strerror}") from error
        if found != file.id:
            raise MoveRefused(f"{file.path} changed since it was looked at; try again in a moment")
        return file

    def _make(self, folder: str) -> bool:
        """Make a folder. Return False if it exists by now. Raise NoSuchFolder."""
        try:
            make_folder(self.mover.root, self.mover.store, folder)
        except FileExistsError:
            return False
        except OSError as error:
            raise NoSuchFolder(
                f"the folder {printable(folder)} cannot be made: {os.strerror(error.errno or 0)}"
            ) from error
        return True


def _similar(name: str, folders: Collection[str]) -> list[str]:
    """Return the folders that the user may have meant."""
    lower = {folder.casefold(): folder for folder in sorted(folders)}
    return [lower[one] for one in get_close_matches(name.casefold(), lower, n=3, cutoff=0.7)]
