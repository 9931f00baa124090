"""The known files with their labels, the categories, the rejections and the holds."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sorterd.changes import (
    Arrived,
    CategoryRenamed,
    Change,
    Converted,
    Copied,
    Gone,
    Known,
    KnownFile,
    Moved,
    Replaced,
    Touched,
    label_changes,
)
from sorterd.library.files import FolderId
from sorterd.store.categories import rename_categories, set_categories
from sorterd.store.database import from_blob, to_blob, transaction
from sorterd.store.departed import Departed
from sorterd.store.file_id import from_id, to_id
from sorterd.store.rejections import record_label_change, reject
from sorterd.store.relocations import Relocations
from sorterd.store.returned import with_returned
from sorterd.store.succession import inherit
from sorterd.store.vacated import Vacated, recent

FILE_COLUMNS = "path, fingerprint, source, device, inode, size, mtime_ns"


@dataclass(frozen=True, slots=True)
class Files:
    """The tables `files`, `categories`, `rejections` and `holds`."""

    connection: sqlite3.Connection

    def known(self, *, recent_from: float = math.inf) -> Known:
        """Return everything that the reconciler compares. What changed after `recent_from` counts as recent."""
        rows = self.connection.execute(f"SELECT {FILE_COLUMNS} FROM files")
        times, arrived = recent(self.connection, recent_from)
        return Known(
            files={file.path: file for file in map(to_file, rows)},
            categories=self.category_folders(),
            vacated=Vacated(self.connection).files(),
            recent=times,
            arrived=arrived,
        )

    def apply(
        self,
        changes: Sequence[Change],
        categories: Mapping[str, FolderId],
        *,
        now: float,
        watching: bool,
        since: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """Record the changes that the reconciler found, and what they say about labels, in one transaction.

        `watching`: the service was running when they happened, so an arrival in the inbox is extracted first. `since`
        is when we first saw a new file at a path, if that was before `now`.
        """
        with transaction(self.connection):
            known_before = {file.fingerprint for file in Vacated(self.connection).files().values()}
            stays = self._take_what_left(changes)
            for change in with_returned(self.connection, changes, now):
                match change:
                    case Touched(_, file):
                        self.connection.execute(
                            "UPDATE files SET device = ?, inode = ?, size = ?, mtime_ns = ? WHERE path = ?",
                            (*from_id(file.id), to_blob(file.path)),
                        )
                    case Moved(before, file) if before.category == file.category:
                        labelled_at, fresh, arrived = stays[before.path]
                        self.put(file, now=labelled_at, fresh=fresh, arrived=arrived)
                    case Gone(before, _, KnownFile() as heir):
                        self.connection.execute(
                            "UPDATE files SET source = ? WHERE path = ?", (heir.source, to_blob(heir.path))
                        )
                        inherit(self.connection, before, heir, gone=True)
                    case Arrived(file) | Copied(file) | Converted(file) | Moved(_, file) | Replaced(_, file):
                        fresh = watching and file.category is None and not isinstance(change, Copied)
                        arrived = isinstance(change, Arrived | Converted) and file.fingerprint not in known_before
                        self.put(file, now=since.get(file.path, now) if fresh else now, fresh=fresh, arrived=arrived)
                self._record_labels(change, now)
            Vacated(self.connection).note(changes, now=now)
            Relocations(self.connection).note(changes, now=now)
            set_categories(self.connection, categories)

    def _take_what_left(self, changes: Sequence[Change]) -> dict[str, tuple[float, bool, bool]]:
        """Rename categories and remove all files that left, before any is added: two may have swapped their names.

        Return for each path what `_take` returned.
        """
        renames = {change.old: change.new for change in changes if isinstance(change, CategoryRenamed)}
        stays = {}
        for change in changes:
            match change:
                case CategoryRenamed() if renames:  # all at once, because two folders may have swapped their names
                    rename_categories(self.connection, renames)
                    renames = {}
                case Moved(before) | Replaced(before) | Gone(before) | Converted(_, before, True):
                    stays[before.path] = self._take(before.path)
        return stays

    def _record_labels(self, change: Change, now: float) -> None:
        if isinstance(change, Converted):
            inherit(self.connection, change.origin, change.file, gone=change.gone)
        for label in label_changes(change):
            record_label_change(self.connection, label, now)

    def renumber(self, devices: Mapping[int, int]) -> None:
        """Replace the device numbers of disks that have other ones now: {before: now}, all at once."""
        cases = "CASE device " + "WHEN ? THEN ? " * len(devices) + "ELSE device END"
        values = [number for pair in devices.items() for number in pair]
        for table in ("files", "categories", "unreadable"):
            self.connection.execute(f"UPDATE {table} SET device = {cases}", values)

    def put(self, file: KnownFile, *, now: float, fresh: bool = False, arrived: bool = False) -> None:
        """Record one file at its path, in place of what was known there.

        `arrived`: its content was not known before it came into this folder.
        """
        category = file.category
        if category is not None:
            Departed(self.connection).forget(file.fingerprint, category)
        self.connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(to_blob(file.path), file.fingerprint, None if category is None else to_blob(category), file.source),
                *(*from_id(file.id), now, int(fresh), int(arrived)),
            ),
        )

    def move(self, path: str, file: KnownFile, *, now: float) -> None:
        """Record that the file known at `path` is now `file`."""
        self.connection.execute("DELETE FROM files WHERE path = ?", (to_blob(path),))
        self.put(file, now=now)

    def at(self, path: str) -> KnownFile | None:
        """Return the file known at this path."""
        row = self.connection.execute(f"SELECT {FILE_COLUMNS} FROM files WHERE path = ?", (to_blob(path),)).fetchone()
        return None if row is None else to_file(row)

    def category_folders(self) -> dict[str, FolderId]:
        """Return the identities of all categories' directories at the last sync, including empty ones."""
        folders = self.connection.execute("SELECT name, device, inode FROM categories")
        return {from_blob(name): FolderId(device, inode % 2**64) for name, device, inode in folders}

    def places(self, fingerprint: str) -> list[KnownFile]:
        """Return every file with this content, by path."""
        rows = self.connection.execute(
            f"SELECT {FILE_COLUMNS} FROM files WHERE fingerprint = ? ORDER BY path", (fingerprint,)
        )
        return [to_file(row) for row in rows]

    def arrived_since(self, at: float) -> set[str]:
        """Return the contents in the inbox that were not known before and came after that time."""
        query = "SELECT fingerprint FROM files WHERE category IS NULL AND arrived AND labelled_at > ?"
        return {content for (content,) in self.connection.execute(query, (at,))}

    def inbox(self) -> list[KnownFile]:
        """Return the files in the inbox, by path."""
        rows = self.connection.execute(f"SELECT {FILE_COLUMNS} FROM files WHERE source IS NULL ORDER BY path")
        return [to_file(row) for row in rows]

    def some_paths(self, most: int) -> list[str]:
        """Return the paths of at most `most` files."""
        return [from_blob(row[0]) for row in self.connection.execute("SELECT path FROM files LIMIT ?", (most,))]

    def confirm(self, path: str, *, now: float) -> bool:
        """Confirm our own label of the file at `path`. Return False if it has none."""
        changed = self.connection.execute(
            "UPDATE files SET source = 'confirmed', labelled_at = ? WHERE path = ? AND source = 'auto'",
            (now, to_blob(path)),
        )
        return changed.rowcount > 0

    def confirm_untouched(self, before: float) -> int:
        """Confirm our own labels that were given before a time and left alone since. Return how many."""
        changed = self.connection.execute(
            "UPDATE files SET source = 'confirmed' WHERE source = 'auto' AND labelled_at < ?", (before,)
        )
        return changed.rowcount

    def folders(self) -> frozenset[str]:
        """Return the names of all categories, including empty ones."""
        return frozenset(from_blob(name) for (name,) in self.connection.execute("SELECT name FROM categories"))

    def categories(self) -> dict[str, dict[str, int]]:
        """Return for each category, including empty ones, how many of its files have a label from each source."""
        counts = {
            from_blob(name): {"user": 0, "auto": 0, "confirmed": 0}
            for (name,) in self.connection.execute("SELECT name FROM categories ORDER BY name")
        }
        rows = self.connection.execute(
            "SELECT category, source, count(*) FROM files WHERE category IS NOT NULL GROUP BY category, source"
        )
        for name, source, count in rows:
            counts.setdefault(from_blob(name), {"user": 0, "auto": 0, "confirmed": 0})[source] = count
        return counts

    def begun(self) -> dict[str, float]:
        """Return when each category got the oldest label among its files (seconds, wall clock)."""
        rows = self.connection.execute(
            "SELECT category, min(labelled_at) FROM files WHERE category IS NOT NULL GROUP BY category"
        )
        return {from_blob(name): at for name, at in rows}

    def labels(self) -> dict[str, str]:
        """Return the label of each video that the user filed, moved or confirmed, but not of our own moves.

        A video that the user keeps in two categories has no label here. Nor has a file that was not read yet since a
        repair of the database.
        """
        rows = self.connection.execute(
            "SELECT fingerprint, min(category) FROM files WHERE source IN ('user', 'confirmed') "
            "AND fingerprint <> '' GROUP BY fingerprint HAVING count(DISTINCT category) = 1"
        )
        return {fingerprint: from_blob(category) for fingerprint, category in rows}

    def rejections(self) -> dict[str, frozenset[str]]:
        """Return for each video the categories that the user rejected for it."""
        found: dict[str, frozenset[str]] = {}
        for fingerprint, category in self.connection.execute("SELECT fingerprint, category FROM rejections"):
            found[fingerprint] = found.get(fingerprint, frozenset()) | {from_blob(category)}
        return found

    def reject(self, fingerprint: str, category: str, *, now: float) -> None:
        """Record that this video does not belong in this category."""
        reject(self.connection, fingerprint, category, now=now)

    def hold(self, fingerprint: str, *, now: float) -> None:
        """Record that we must not move this video again until the user files it."""
        self.connection.execute("INSERT OR REPLACE INTO holds VALUES (?, ?)", (fingerprint, now))

    def held(self) -> frozenset[str]:
        """Return the videos whose move was undone by command."""
        return frozenset(row[0] for row in self.connection.execute("SELECT fingerprint FROM holds"))

    def _take(self, path: str) -> tuple[float, bool, bool]:
        """Remove the record of one path. Return its columns `labelled_at`, `fresh` and `arrived`."""
        row = self.connection.execute(
            "DELETE FROM files WHERE path = ? RETURNING labelled_at, fresh, arrived", (to_blob(path),)
        ).fetchone()
        return (0.0, False, False) if row is None else (float(row[0]), bool(row[1]), bool(row[2]))


def to_file(row: tuple[bytes, str, str | None, int, int, int, int]) -> KnownFile:
    """Return the file of a row with FILE_COLUMNS."""
    path, fingerprint, source, *id = row
    return KnownFile(from_blob(path), to_id(*id), fingerprint, source)  # type: ignore[arg-type]
