"""Work out what happened on disk from what was known before and what is there now. Pure: no I/O, no clock.

Events get lost, merged and reordered, so they never decide anything. This comparison does, at start, on a timer and
after every event. It compares pairs of (path, fingerprint). A pair that disappeared and one that appeared with the same
fingerprint are one move, in whatever order the events came and however long the service was off.

Our own moves never appear as changes, because the journal is settled and the store updated before the comparison.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace

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
    Source,
    Touched,
)
from sorterd.library.files import FolderId, Listing, SeenFile, category_of
from sorterd.sync.conversions import Forms, stem_of
from sorterd.sync.inodes import Stats
from sorterd.sync.pairing import before_their_copies, pair
from sorterd.sync.renames import categories_now, find_renames, under_new_names


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What happened, in the order in which it must be recorded, and the categories to record."""

    changes: list[Change]
    categories: Mapping[str, FolderId]


def unread(known: Known, listing: Listing) -> list[SeenFile]:
    """Return the files whose content must be read before they can be compared.

    A file need not be read if a known file has the same device, inode, size and mtime, under whatever name. On file
    systems that change inodes, it need not be read if a known file has the same path, size and mtime.
    """
    stats = Stats.of(known, listing)
    return [seen for seen in listing.files.values() if stats.content(seen) is None]


def reconcile(
    known: Known, listing: Listing, fingerprints: Mapping[str, str], failed: Set[str] = frozenset()
) -> Reconciled:
    """Compare what was known with what is on disk.

    `fingerprints` are those of the files that `unread` returned, by path, as far as they could be read. A file without
    one (still growing, unreadable) stays as it was known. Those that are `failed` may stay unreadable for long. If a
    folder could not be listed, what was known below it stays. The changes must be applied in order, all or none.
    """
    now = _contents(known, listing, fingerprints)
    renames = find_renames(known, listing, now)
    files, displaced = under_new_names(known.files, renames.renamed)
    hidden = _below(files, [*(path for path, _ in listing.unreadable), *renames.undecided])
    comparison = _Comparison(replace(known, files=files), listing, now, hidden)
    changes: list[Change] = [
        # Files at paths that the files of a renamed folder take now go first, because two files cannot have one path.
        *(Gone(file, tuple(comparison.places[file.fingerprint])) for file in displaced),
        *(CategoryRenamed(old, new) for old, new in sorted(renames.renamed.items())),
        *comparison.touched(),
        *comparison.moved(failed),
        *comparison.arrived(),
        *comparison.gone(),
    ]
    return Reconciled(changes, categories_now(known, listing, renames))


class _Comparison:
    """Explains step by step why files left known paths (`left`) and why others came to paths (`came`).

    Both get smaller with each step. `known` has its files under their present names. `hidden` are known paths that
    cannot be looked at now.
    """

    def __init__(self, known: Known, listing: Listing, now: Mapping[str, str], hidden: Set[str]) -> None:
        self.known, self.listing, self.now = known, listing, now
        self.places = _places(now)
        self.pending = {path for path in listing.files if path not in now}
        files = known.files
        self.left = {path: file for path, file in files.items() if self._left(file) and path not in hidden}
        self.came = {path: now[path] for path in now if path not in files or self._left(files[path])}
        self.awaited = self._awaited()
        self.filed = {(file.fingerprint, file.category): file.source for file in files.values()}
        self.taken: set[str] = set()  # former paths of files that the user took to another folder
        self.forms: Forms

    def touched(self) -> list[Touched]:
        """Return the files that have another time stamp or inode and the same content."""
        stayed = [
            (file, self.listing.files[file.path].id) for file in self.known.files.values() if not self._left(file)
        ]
        return [Touched(file, replace(file, id=id)) for file, id in stayed if id != file.id]

    def moved(self, failed: Set[str]) -> list[Moved]:
        """Return the moves. Those out of a category that may hold a copy by now wait until that is read."""
        moves = pair(self.left, self.came, self.listing, self.awaited, self.filed.keys())
        for path in before_their_copies(moves, self.pending - failed, self.listing):
            origin = moves.pop(path)
            self.awaited.add(origin.path)
            self.came.pop(path)
            self.came.pop(origin.path, None)
        for path, origin in moves.items():
            del self.left[origin.path], self.came[path]
        self.taken = {path for path, file in self.left.items() if self.places[file.fingerprint]} | _taken_out(moves)
        return [Moved(origin, self._file_at(path, _source_after_move(origin, path))) for path, origin in moves.items()]

    def arrived(self) -> list[Change]:
        """Return what the other files are that came: another form, another video in the same place, a copy, or new."""
        files = self.known.files
        met = {file.fingerprint for path, file in files.items() if path not in self.left or path in self.pending}
        known_contents = {file.fingerprint for file in (*files.values(), *self.known.vacated.values())}
        # A file that the user took to another folder was not replaced by the file in its place now.
        others_form = {path: file for path, file in files.items() if path not in self.taken}
        self.forms = Forms(replace(self.known, files=others_form), self.left)
        changes: list[Change] = []
        for path, content in sorted(self.came.items()):
            before = self.left.pop(path, None)
            file = self._file_at(path, self._source_of_arrival(path, before))
            others = [place for place in self.places[content] if place != path]
            new = not others and content not in known_contents
            if before is not None:
                changes.append(self._in_its_place(file, before, new))
            elif new and (first := self.forms.origin(path, self.left.keys() - self.awaited - self.taken)) is not None:
                changes.append(self._another_form(file, first))
            else:
                changes.append(Copied(file, others[0]) if content in met and others else Arrived(file))
            met.add(content)
        return changes

    def gone(self) -> list[Gone]:
        """Return the files that are gone, except those that may be in a file that is not read yet."""
        there = self.known.files.keys() & self.now.keys() - self.left.keys() - self.came.keys()
        gone = []
        for path, file in self.left.items():
            if path not in self.awaited:
                elsewhere = tuple(other for other in self.places[file.fingerprint] if other != path)
                gone.append(Gone(file, elsewhere, None if elsewhere else self.forms.heir(file, there)))
        return gone

    def _left(self, file: KnownFile) -> bool:
        return self.now.get(file.path) != file.fingerprint

    def _awaited(self) -> set[str]:
        """Return the paths of files that left and may be in a file that is not read yet.

        That is one of the same size, since some file managers copy, then delete, or one of the same stem, which may be
        another form. Nothing is decided until it is read, except if an inode shows where the file went.
        """
        sizes = {self.listing.files[path].id.size for path in self.pending}
        stems = set(map(stem_of, self.pending)) if self.left else set()
        return {
            path
            for path, file in self.left.items()
            if path in self.pending or file.id.size in sizes or stem_of(path) in stems
        }

    def _file_at(self, path: str, source: Source | None) -> KnownFile:
        return KnownFile(path, self.listing.files[path].id, self.now[path], source)

    def _source_of_arrival(self, path: str, before: KnownFile | None) -> Source | None:
        usual = before.source if before is not None else "user" if category_of(path) else None
        # A copy in a category where the content was already says nothing about where it belongs.
        return self.filed.get((self.now[path], category_of(path)), usual)

    def _in_its_place(self, file: KnownFile, before: KnownFile, new: bool) -> Change:
        """Return what it is that other content lies at the path of a known file."""
        elsewhere = tuple(self.places[before.fingerprint])
        return Converted(file, before, gone=True) if new and not elsewhere else Replaced(before, file, elsewhere)

    def _another_form(self, file: KnownFile, first: KnownFile) -> Converted:
        gone = first.path not in self.awaited and not self.places[first.fingerprint]
        if gone:
            self.left.pop(first.path, None)
        return Converted(replace(file, source=first.source), first, gone)


def _taken_out(moves: Mapping[str, KnownFile]) -> set[str]:
    """Return the former paths of files that were moved to another category."""
    return {origin.path for path, origin in moves.items() if origin.category != category_of(path)}


def _source_after_move(origin: KnownFile, path: str) -> Source | None:
    category = category_of(path)
    if category is None:
        return None
    return origin.source if category == origin.category else "user"


def _contents(known: Known, listing: Listing, fingerprints: Mapping[str, str]) -> dict[str, str]:
    """Return the fingerprint of every file on disk that was read just now or is recognised by its stat."""
    stats = Stats.of(known, listing)
    contents = ((path, fingerprints.get(path) or stats.content(seen)) for path, seen in listing.files.items())
    return {path: content for path, content in contents if content is not None}


def _below(files: Mapping[str, KnownFile], folders: Iterable[str]) -> set[str]:
    """Return the known paths at or below any of the folders."""
    roots = tuple(folders)
    return {path for path in files if any(path == root or path.startswith(root + "/") for root in roots)}


def _places(now: Mapping[str, str]) -> defaultdict[str, list[str]]:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(now):
        places[now[path]].append(path)
    return places
