"""Recognise renamed categories by the inodes of the folders and by what lies in them. Pure.

`now` is the fingerprint of every file on disk by path, as far as it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sorterd.changes import Known, KnownFile
from sorterd.library.files import FolderId, Listing, category_of
from sorterd.sync.inodes import renamed_folders, with_free_names


@dataclass(frozen=True, slots=True)
class Renames:
    """Known folders whose inode belongs to another name now: {old name: new name}.

    Those in `undecided` may have been renamed: a file that may be one of their videos has not been read yet.
    """

    renamed: Mapping[str, str]
    undecided: Mapping[str, str]


def find_renames(known: Known, listing: Listing, now: Mapping[str, str]) -> Renames:
    """Find known folders under other names.

    File systems give the inode of a deleted folder to another new one. So a folder with videos in it counts as renamed
    only if one of them was in it before. A folder without videos cannot tell: it counts as renamed if no folder has the
    old name, so that what the user took out of it does not come back. Some file systems (FAT, exFAT, many in user
    space) count inodes from one after each mount. So while there is a folder of the old name, one of its videos must be
    in the other folder with the same inode. On such file systems a folder was also renamed if its files are found
    together under another name (`renamed_folders`), or if it is gone and all that was in it lies in one new folder.
    """
    renamed = renamed_folders(known, listing)
    undecided: dict[str, str] = {}
    other_names = _under_another_name(known, listing)
    for old, new in other_names.items():
        if old not in renamed and new not in renamed.values():
            match _holds_its_videos(old, new, other_names, known, listing, now):
                case True:
                    renamed[old] = new
                case None:
                    undecided[old] = new
    renamed |= _empty(other_names, renamed, listing)
    for old, new in _found_together(known, listing, now).items():
        if old not in renamed and new not in renamed.values():
            renamed[old] = new
            undecided.pop(old, None)
    return Renames(renamed, undecided)


def _holds_its_videos(
    old: str, new: str, other_names: Mapping[str, str], known: Known, listing: Listing, now: Mapping[str, str]
) -> bool | None:
    """Return whether a video of the folder `old` lies in `new`, which has its inode. None: one must be read first."""
    # While both names are taken, or `new` is called otherwise now, a video may have come to its old path by chance.
    if old not in listing.folders and new not in other_names and _has_its_own(new, known, now):
        return False
    was_in_it = [file for file in known.files.values() if file.category == old]
    there = {path: seen for path, seen in listing.files.items() if category_of(path) == new}
    read = there.keys() & now.keys()
    ids, contents = {there[path].id for path in read}, {now[path] for path in read}
    if any(file.id in ids if old in listing.folders else file.fingerprint in contents for file in was_in_it):
        return True
    unread_sizes = {there[path].id.size for path in there.keys() - read}
    may_hold = new in _unreadable(listing) or any(file.id.size in unread_sizes for file in was_in_it)
    return None if was_in_it and may_hold and not _has_its_own(old, known, now) else False


def _empty(other_names: Mapping[str, str], renamed: Mapping[str, str], listing: Listing) -> dict[str, str]:
    """Return the renamed folders without videos: nothing else has the old name."""
    filled = {category_of(path) for path in listing.files} | _unreadable(listing) | set(renamed.values())
    empty = {old: new for old, new in other_names.items() if old not in renamed and new not in filled}
    return with_free_names(empty, listing, renamed.values())


def _unreadable(listing: Listing) -> set[str]:
    """Return the folders on top that cannot be read, or of which a part cannot."""
    return {path.partition("/")[0] for path, _ in listing.unreadable}


def _has_its_own(folder: str, known: Known, now: Mapping[str, str]) -> bool:
    """Return whether a video that was in this folder still lies in it, so that it is the same folder."""
    return any(now.get(file.path) == file.fingerprint for file in known.files.values() if file.category == folder)


def _found_together(known: Known, listing: Listing, now: Mapping[str, str]) -> dict[str, str]:
    """Return the known folders whose name and inode are both gone, with the new folder that holds the same videos.

    None of those videos has kept its inode.
    """
    folders = listing.folders
    gone = known.categories.keys() - folders.keys() - {path for path, _ in listing.unreadable}
    gone -= {name for name in gone if known.categories[name] in folders.values()}
    new = sorted(listing.categories.keys() - known.categories.keys())
    if not gone or not new:
        return {}
    ids = {seen.id for seen in listing.files.values()}
    found: dict[str, str] = {}
    for old in sorted(gone):
        was_in_it = [file for file in known.files.values() if file.category == old]
        contents = {file.fingerprint for file in was_in_it}
        for name in new if was_in_it and not any(file.id in ids for file in was_in_it) else ():
            there = {content for path, content in now.items() if category_of(path) == name}
            if name not in found.values() and contents <= there:
                found[old] = name
                break
    return found


def categories_now(known: Known, listing: Listing, renames: Renames) -> dict[str, FolderId]:
    """Return the categories to record: those on disk, and those that cannot be read now.

    A folder that may have been renamed keeps its old name until that is decided.
    """
    unread = {path: known.categories[path] for path, _ in listing.unreadable if path in known.categories}
    found = unread | dict(listing.categories)
    for old, new in renames.undecided.items():
        found.pop(new, None)
        found |= {name: known.categories[name] for name in (old, new) if name in known.categories}
    return found


def _under_another_name(known: Known, listing: Listing) -> dict[str, str]:
    """Return the known folders whose inode belongs to another name now: {old name: new name}."""
    names = {folder: name for name, folder in listing.folders.items()}
    found = {old: names[folder] for old, folder in known.categories.items() if folder in names}
    return {old: new for old, new in found.items() if new != old and known.categories.get(new) != known.categories[old]}


def under_new_names(
    files: Mapping[str, KnownFile], renames: Mapping[str, str]
) -> tuple[dict[str, KnownFile], list[KnownFile]]:
    """Return the known files by their paths after the renames, and the files whose path another one takes then."""
    others: dict[str, KnownFile] = {}
    moved: dict[str, KnownFile] = {}
    for path, file in files.items():
        top = file.category
        if top is None or top not in renames:
            others[path] = file
        else:
            path = renames[top] + path[len(top) :]
            moved[path] = replace(file, path=path)
    return others | moved, [file for path, file in others.items() if path in moved]
