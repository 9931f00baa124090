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
from sorterd.sync.conversions import Forms, core_of, stem_of
from sorterd.sync.inodes import Stats
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
    places = _places(now)
    renames = find_renames(known, listing, now)
    files, displaced = under_new_names(known.files, renames.renamed)
    pending = {path for path in listing.files if path not in now}
    hidden = _below(files, [*(path for path, _ in listing.unreadable), *renames.undecided])

    # Files at paths that the files of a renamed folder take now go first, because two files cannot have one path.
    changes: list[Change] = [Gone(file, tuple(places[file.fingerprint])) for file in displaced]
    changes += [CategoryRenamed(old, new) for old, new in sorted(renames.renamed.items())]
    left = {path: file for path, file in files.items() if now.get(path) != file.fingerprint and path not in hidden}
    came = {path: content for path, content in now.items() if path not in files or files[path].fingerprint != content}

    for path, file in files.items():
        if path in now and now[path] == file.fingerprint and listing.files[path].id != file.id:
            changes.append(Touched(file, replace(file, id=listing.files[path].id)))

    filed = {(file.fingerprint, file.category): file.source for file in files.values()}
    # A file that left may be in a file of the same size that is not yet read: some file managers copy, then delete.
    # Nothing is decided until that is read, except if its inode shows where it went.
    awaited_sizes = {listing.files[path].id.size for path in pending}
    awaited = {path for path, file in left.items() if path in pending or file.id.size in awaited_sizes}
    if left:  # An unread file of the same stem may be another form.
        awaited_stems = set(map(stem_of, pending))
        awaited |= {path for path in left if stem_of(path) in awaited_stems}
    moves = _pair(left, came, listing, awaited, filed.keys())
    for path in _before_their_copies(moves, pending - failed, listing):
        origin = moves.pop(path)
        awaited.add(origin.path)
        came = {other: content for other, content in came.items() if other not in (path, origin.path)}
    for path, origin in moves.items():
        after = KnownFile(path, listing.files[path].id, origin.fingerprint, _source_after_move(origin, path))
        changes.append(Moved(origin, after))
        del left[origin.path], came[path]

    met = {file.fingerprint for path, file in files.items() if path not in left or path in pending}
    known_contents = {file.fingerprint for file in (*files.values(), *known.vacated.values())}
    # A file that the user took to another folder was not replaced by the file in its place now.
    taken = {path for path, file in left.items() if places[file.fingerprint]} | _taken_out(moves)
    forms = Forms(replace(known, files={path: file for path, file in files.items() if path not in taken}), left)
    for path, content in sorted(came.items()):
        before = left.pop(path, None)
        usual = before.source if before is not None else "user" if category_of(path) else None
        # A copy in a category where the content was already says nothing about where it belongs.
        source = filed.get((content, category_of(path)), usual)
        arrived = KnownFile(path, listing.files[path].id, content, source)
        others = [place for place in places[content] if place != path]
        new = not others and content not in known_contents
        if before is not None and new and not places[before.fingerprint]:
            changes.append(Converted(arrived, before, gone=True))
        elif before is not None:
            changes.append(Replaced(before, arrived, tuple(places[before.fingerprint])))
        elif new and (first := forms.origin(path, left.keys() - awaited - taken)) is not None:
            gone = first.path not in awaited and not places[first.fingerprint]
            changes.append(Converted(replace(arrived, source=first.source), first, gone))
            if gone:
                left.pop(first.path, None)
        elif content in met and others:
            changes.append(Copied(arrived, others[0]))
        else:
            changes.append(Arrived(arrived))
        met.add(content)

    there = {path for path in files if path not in left and path in now and path not in came}
    for path, file in left.items():
        if path not in awaited:
            elsewhere = tuple(other for other in places[file.fingerprint] if other != path)
            changes.append(Gone(file, elsewhere, None if elsewhere else forms.heir(file, there)))
    return Reconciled(changes, categories_now(known, listing, renames))


def _before_their_copies(moves: Mapping[str, KnownFile], pending: Set[str], listing: Listing) -> list[str]:
    """Return to which paths our files were taken from categories where a `pending` file may be a copy of them.

    A copy in the same category has the same label, but only if it is known before the first file leaves. It may have
    the same size, or a similar name while it is being written. If another known file was moved to the place of the
    first one, there is no waiting.
    """
    copies = {(category_of(path), listing.files[path].id.size) for path in pending} | set(map(core_of, pending))
    return [
        path
        for path, file in moves.items()
        if file.ours
        and file.category != category_of(path)
        and file.path not in moves
        and ((file.category, file.id.size) in copies or core_of(file.path) in copies)
    ]


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


def _pair(
    left: Mapping[str, KnownFile],
    came: Mapping[str, str],
    listing: Listing,
    awaited: Set[str],
    filed: Set[tuple[str, str | None]],
) -> dict[str, KnownFile]:
    """Return for each new path the known file that was moved there.

    It has the same content. Of several candidates, the order is: the same inode, the same category, the same name, any.
    A file that is `awaited` may be in a file that is not yet read, so it is paired only by its inode. If the category
    already held the content (`filed`), a new file there is a copy of that rather than a move from another category.
    """
    waiting: defaultdict[str, list[KnownFile]] = defaultdict(list)
    for path in sorted(left):
        waiting[left[path].fingerprint].append(left[path])
    pairs: dict[str, KnownFile] = {}

    def similarity(origin: KnownFile, path: str) -> int:
        if origin.id == listing.files[path].id:  # of two hard links the one in the same category
            return 3 + (origin.category == category_of(path))
        if origin.path in awaited:
            return -1
        if origin.category == category_of(path):
            return 2
        if (origin.fingerprint, category_of(path)) in filed:
            return -1
        return int(_name(origin.path) == _name(path))

    for least in (4, 3, 2, 1, 0):
        for path in sorted(came):
            origins = waiting[came[path]]
            best = next((origin for origin in origins if similarity(origin, path) >= least), None)
            if path not in pairs and best is not None:
                pairs[path] = best
                origins.remove(best)
    return pairs


def _name(path: str) -> str:
    return path.rpartition("/")[2]
