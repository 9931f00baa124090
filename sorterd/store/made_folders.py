"""The folders that sorterd made because the user filed a video into a new one. Undo removes such a folder again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from sorterd.library.files import FolderId
from sorterd.store.notes import Notes
from sorterd.store.settings import MADE_FOLDERS


@dataclass(frozen=True, slots=True)
class MadeFolders:
    """The note of them: the inode of each category that we made, by name. All are on the disk of the root.

    A folder of the same name with another inode is the user's, and so is ours once the user has renamed it.
    """

    connection: sqlite3.Connection

    def add(self, name: str, inode: int) -> None:
        """Record that we have made this folder."""
        Notes(self.connection).put(MADE_FOLDERS, {**self.all(), name: inode})

    def all(self) -> dict[str, int]:
        """Return the inode of each, by name."""
        return Notes(self.connection).get(MADE_FOLDERS) or {}

    def forget(self, name: str) -> None:
        """Record that this folder is gone."""
        self._keep({other: inode for other, inode in self.all().items() if other != name})

    def seen(self, categories: Mapping[str, FolderId]) -> None:
        """Forget those that a sync has not found any more, or found to be other folders."""
        made = self.all()
        self._keep({name: made[name] for name in made if name in categories and categories[name].inode == made[name]})

    def _keep(self, made: dict[str, int]) -> None:
        if made != self.all():
            Notes(self.connection).put(MADE_FOLDERS, made)
