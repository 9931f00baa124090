"""One sync: scan the disk, leave out what has not settled, read what is new, reconcile, record."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sorterd import backoff, cloud
from sorterd.changes import Change, Known
from sorterd.library.files import FileId, FolderId, Listing, SeenFile
from sorterd.library.fingerprint import PartlyRead, Stopped, Unstable, fingerprint
from sorterd.library.layout import LayoutRules
from sorterd.library.mounts import Mounts
from sorterd.library.open_writers import opened_to_write
from sorterd.library.scan import scan
from sorterd.library.stability import StabilityTracker
from sorterd.library.unfinished import JOIN_SECONDS
from sorterd.store.made_folders import MadeFolders
from sorterd.store.settings import MOUNTS, ROOT
from sorterd.store.store import Store
from sorterd.sync.caption_sources import CaptionSources
from sorterd.sync.guard import Doubt, doubt, missing, renumbered, with_disks_away
from sorterd.sync.left_out import note_left_out
from sorterd.sync.reconcile import Reconciled, reconcile, unread
from sorterd.sync.retry_causes import Causes
from sorterd.sync.unfinished_downloads import Waiting, at_rest, waiting

SCANS = 5  # if somebody keeps moving files, the last scan counts
RECENT_SECONDS = 3600.0  # a program that makes another form of a video has deleted the first one by then
READING_SECONDS = 2.0  # per sync, so that a large new library does not keep the loop from its other work


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync found.

    `again_at`: wall-clock time when a file may have settled or is due for another try, None if no file waits.
    `growing`: files that are not settled yet, or changed while they were read. `waiting`: files that look like parts of
    a running download.
    `unread_files`: how many settled files are left for the next sync. `blind_spots`: (path, reason) of folders that
    could not be listed. `unreadable`: (path, reason) of files that could not be read just now. `doubt`: why the sync is
    not believed (nothing was recorded then). `folders_changed`: a category, even an empty one, was added or removed.
    `reading`: the seconds spent reading new files.
    """

    changes: tuple[Change, ...] = ()
    folders_changed: bool = False
    again_at: float | None = None
    growing: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    unread_files: int = 0
    doubt: Doubt | None = None
    blind_spots: tuple[tuple[str, str], ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    reading: float = 0.0

    def unsettled(self, store: Store, paths: Iterable[str]) -> list[str]:
        """Return those of these files on disk that will be known in a moment, since they have just come."""
        downloads = {wait.path for wait in self.waiting}
        unread = self.unread_files > 0
        come = [path for path in paths if path in self.growing or (unread and store.files.at(path) is None)]
        return [path for path in come if path not in downloads]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was known and what is on disk. `doubt` is why the listing is not believed, None if it is."""

    known: Known
    listing: Listing
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class _Contents:
    """Fingerprints by path, the number of files left for the next sync, retry times, the files that could not be read
    with the reasons, and those that changed or went meanwhile."""

    read: Mapping[str, str]
    left: int
    retry_at: Sequence[float]
    failed: Sequence[tuple[SeenFile, str]]
    changing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Synchronizer:
    """Compares one root with one store and records the changes."""

    root: Path
    rules: LayoutRules
    settling: StabilityTracker
    store: Store
    retry_seconds: float = 5.0
    clock: Callable[[], float] = time.time
    timer: Callable[[], float] = time.monotonic
    download_from_cloud: bool = False
    joining: StabilityTracker = field(default_factory=lambda: StabilityTracker(JOIN_SECONDS))
    captions: bool = False
    causes: Causes = field(init=False)
    caption_sources: CaptionSources = field(init=False)
    _partly: dict[FileId, PartlyRead] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "causes", Causes(self.store.features))
        sources = CaptionSources(self.root, self.store.captions, self.captions)
        object.__setattr__(self, "caption_sources", sources)

    def scan(self, *, earlier: Doubt | None = None, believe: bool = False) -> Scanned:
        """Look at the disk, which changes nothing in the store but the numbers of disks.

        `earlier` is the doubt of the scan before this one. `believe`: the user says that missing files are gone. Raise
        RootUnavailable.
        """
        listing = scan(self.root, self.rules, texts=self.captions)
        known = self._known(listing)
        listing = self._scanned_again(known, listing)
        if believe:
            return Scanned(known, listing)
        root, mounted = self._last_root(), self._last_mounts()
        listing = with_disks_away(known, listing, root, mounted)
        return Scanned(known, listing, doubt(known, listing, root, earlier=earlier, now=self.clock(), mounted=mounted))

    def record(self, scanned: Scanned, *, watching: bool, should_stop: Callable[[], bool]) -> SyncResult:
        """Update the store to a scan that is not in doubt, as far as files are settled and readable.

        `watching`: the service was running when the changes happened. Raise Stopped if `should_stop` returns True while
        reading.
        """
        known, listing, now = scanned.known, scanned.listing, self.clock()
        if scanned.doubt is not None:
            return SyncResult(doubt=scanned.doubt, again_at=now + 10, blind_spots=listing.unreadable)
        self.causes.observe(listing)
        new = unread(known, listing)
        waits = waiting(new, listing, self.root, self.joining, int(now * 1e9))
        ready, growing, again_at = self._sort_out(new, waits, now)
        listing = at_rest(listing, known, {*waits, *growing})
        started = self.timer()
        contents = self._read(ready, should_stop)
        reading = self.timer() - started
        found = reconcile(known, listing, contents.read, self.store.features.unreadable().keys())
        if found.changes or found.categories != known.categories:
            self._record(found, contents.read, watching=watching)
        self._note(listing, contents.read)
        self.caption_sources.note(listing)
        note_left_out(self.store.notes, listing, waits.values())
        return SyncResult(
            changes=tuple(found.changes),
            folders_changed=found.categories.keys() != known.categories.keys(),
            again_at=min((time for time in (again_at, *contents.retry_at) if time is not None), default=None),
            growing=(*growing, *contents.changing),
            waiting=tuple(waits.values()),
            unread_files=contents.left,
            blind_spots=listing.unreadable,
            unreadable=tuple((file.path, reason) for file, reason in contents.failed),
            reading=reading,
        )

    def _scanned_again(self, known: Known, listing: Listing) -> Listing:
        """Return the listing, or a later one if files are missing in it.

        A scan lists folders one after the other. It does not see a file that is moved meanwhile from a folder not yet
        listed into one already listed, or whose folder is renamed meanwhile. So files count as missing only if two
        scans in a row agree.
        """
        lost = missing(known, listing)
        for _ in range(SCANS):
            if not lost:
                break
            before, listing = lost, scan(self.root, self.rules, texts=self.captions)
            lost = missing(known, listing)
            if lost == before:
                break
        return listing

    def _known(self, listing: Listing) -> Known:
        """Return what was known, with the device numbers that the disks have now."""
        known = self._all_known()
        devices = renumbered(known, listing)
        if not devices:
            return known
        root = self._last_root()
        with self.store.transaction():
            self.store.files.renumber(devices)
            if root is not None:
                self.store.notes.put(ROOT, [devices.get(root.device, root.device), root.inode])
        return self._all_known()

    def _all_known(self) -> Known:
        return self.store.files.known(recent_from=self.clock() - RECENT_SECONDS)

    def _last_mounts(self) -> Mounts:
        note = self.store.notes.get(MOUNTS) or {"point": "", "below": []}
        return Mounts(note["point"], frozenset(note["below"]))

    def _last_root(self) -> FolderId | None:
        note = self.store.notes.get(ROOT)
        return None if note is None else FolderId(*note)

    def _sort_out(
        self, files: list[SeenFile], waits: Mapping[str, Waiting], now: float
    ) -> tuple[list[SeenFile], tuple[str, ...], float | None]:
        """Return the files that can be read now (the newest first, those that failed before last), the paths that still
        grow, and when to sync again."""
        troubled = self.store.features.unreadable()
        ready: list[SeenFile] = []
        growing: list[str] = []
        times = [now + self.retry_seconds if wait.until is None else wait.until for wait in waits.values()]
        self.settling.observe({file.path: file for file in files}, int(now * 1e9))
        for file in files:
            if file.path in waits:
                if waits[file.path].until is None:
                    growing.append(file.path)
                continue
            trouble = troubled.get(file.path)
            # A retry time beyond LONGEST_DELAY was written by a wrong clock.
            if not file.here and not self.download_from_cloud:
                if trouble is None or trouble[0] != file.id:
                    self.store.features.set_unreadable(file.path, file.id, cloud.REASON, attempts=0, retry_at=0.0)
            elif trouble is not None and trouble[0] == file.id and now < trouble[2] <= now + backoff.LONGEST_DELAY:
                times.append(trouble[2])
            elif not self.settling.settled(file.path, int(now * 1e9)):
                growing.append(file.path)
                times.append(self.settling.ready_at(file.path, int(now * 1e9)) / 1e9)
            elif opened_to_write(self.root / file.path):
                growing.append(file.path)
                times.append(now + self.retry_seconds)
            else:
                ready.append(file)
        ready.sort(key=lambda file: (file.path in troubled, -file.touched_ns))
        return ready, tuple(growing), min(times, default=None)

    def _read(self, files: list[SeenFile], stop: Callable[[], bool]) -> _Contents:
        """Read as many files as fit into READING_SECONDS. The next sync reads on in the file that did not fit."""
        read: dict[str, str] = {}
        retry_at: list[float] = []
        failed: list[tuple[SeenFile, str]] = []
        changing: list[str] = []
        started = self.timer()
        late: Callable[[], bool] = lambda: self.timer() - started > READING_SECONDS  # noqa: E731
        left = files[::-1]
        while left and not late():
            file = left[-1]
            try:
                if file.id.size == 0:
                    raise OSError(errno.ENODATA, "it is empty (0 bytes)")  # all empty files have the same fingerprint
                partly = self._partly.pop(file.id, PartlyRead())
                read[file.path] = fingerprint(self.root / file.path, lambda: stop() or late(), file.id, partly)
            except Stopped:
                if stop():
                    raise
                self._partly.clear()  # one is enough: the next sync has the same order
                self._partly[file.id] = partly
                break
            except Unstable:  # somebody writes to it: not settled after all
                changing.append(file.path)
                retry_at.append(self.clock() + self.retry_seconds)
            except FileNotFoundError:  # moved or deleted since the scan: the next sync will see
                changing.append(file.path)
                retry_at.append(self.clock())
            except OSError as error:
                missing_here = cloud.refused(error.errno)
                failed.append((file, cloud.REASON if missing_here else f"cannot be read: {error.strerror or error}"))
            left.pop()
        if failed:
            with self.store.transaction():  # one for all: each waits for the disk
                retry_at += [self._cannot_read(file, reason) for file, reason in failed]
        return _Contents(read, len(left), retry_at, failed, changing)

    def _cannot_read(self, file: SeenFile, reason: str) -> float:
        """Record that the file cannot be read. Return when to try again."""
        self.causes.failed(file)
        before = self.store.features.unreadable(file.path).get(file.path)
        attempts = before[1] if before is not None and before[0] == file.id else 0
        again = backoff.after_failure(attempts, transient=True, now=self.clock())
        # Never given up: permissions are changed without touching the content.
        at = self.clock() + backoff.LONGEST_DELAY if again.given_up else again.at
        self.store.features.set_unreadable(file.path, file.id, reason, attempts=again.attempts, retry_at=at)
        return at

    def _record(self, found: Reconciled, contents: Mapping[str, str], *, watching: bool) -> None:
        since = {path: self.settling.since(path) for path in contents}
        self.store.files.apply(found.changes, found.categories, now=self.clock(), watching=watching, since=since)
        MadeFolders(self.store.connection).seen(found.categories)

    def _note(self, listing: Listing, contents: Mapping[str, str]) -> None:
        """Clear the failures of files that could be read or are gone. Record the root and what is mounted below it."""
        for path in self.store.features.unreadable():
            if path in contents or path not in listing.files:
                self.store.features.clear_unreadable(path)
        if self._last_root() != listing.root:
            self.store.notes.put(ROOT, [listing.root.device, listing.root.inode])
        away = {path for path, _ in listing.unreadable}
        below = (listing.mounts.below - away) | (self._last_mounts().below & away)
        if self._last_mounts() != Mounts(listing.mounts.point, below):
            self.store.notes.put(MOUNTS, {"point": listing.mounts.point, "below": sorted(below)})
