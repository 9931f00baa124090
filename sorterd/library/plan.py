"""Plan a move before anything is touched. The plan is written to the journal as it is."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from sorterd.library.downloads import awaited, not_whole
from sorterd.library.files import FileId
from sorterd.library.layout import LayoutRules
from sorterd.library.names import candidates, composed, stem_and_extension
from sorterd.library.open_writers import opened_to_write
from sorterd.library.openat import join, opened, split
from sorterd.library.scan import file_id
from sorterd.library.sidecars import renamed, sidecars

_NO_SUCH_NAME = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ)
_MOST_NAMES = 9_999  # nobody has that many videos of one name; a folder that says so is broken


class MoveRefused(Exception):
    """This move should not be tried. The message says why. Nothing was touched."""


@dataclass(frozen=True, slots=True)
class MovePlan:
    """The move of one video, with its sidecars as (source, destination). All paths are relative to the root.

    `id` is the file that was decided on. No other file at `source` is moved. `left` are the sidecars that cannot
    follow, as (path, reason).
    """

    source: str
    destination: str
    sidecars: tuple[tuple[str, str], ...]
    id: FileId
    left: tuple[tuple[str, str], ...] = ()

    @property
    def here(self) -> tuple[str, ...]:
        """Return the paths of all files that are moved."""
        return (self.source, *(source for source, _ in self.sidecars))


def plan_move(
    root: Path,
    source: str,
    folder: str,
    id: FileId,
    *,
    rules: LayoutRules,
    with_sidecars: bool = True,
    on_conflict: Literal["rename", "skip"] = "rename",
    elsewhere: Collection[str] = (),
) -> MovePlan:
    """Return the move of a video to a folder ("" is the inbox).

    `elsewhere` are the names of videos that left this folder for others. A sidecar that could also be theirs stays. If
    the name is taken, the video becomes `name (2).mp4`, the first name that is free for it and for all its sidecars.
    With `on_conflict="skip"` the move is refused.

    Raise `MoveRefused` if the file is gone, changed or no plain file, if the folder is gone or a symlink, or if the
    video is in it already. The caller has to know whether the same content lies there.
    """
    here, name = split(source)
    if here == folder:
        raise MoveRefused(f"{source} is in {_shown(folder)} already")
    found = _companions(root, source, id, rules, elsewhere, with_sidecars=with_sidecars)
    companions = found.free
    room = max((len(os.fsencode(other)) - len(os.fsencode(name)) for other in companions), default=0)
    with _target(root, folder) as target:
        there = _names(target)
        for new_name in islice(candidates(name, max(room, 0)), 1 if on_conflict == "skip" else _MOST_NAMES):
            if rules.ignored(join(folder, new_name)):
                continue
            moves = [(other, renamed(other, name, new_name)) for other in companions]
            if not any(_exists(target, new) for new in [new_name, *(new for _, new in moves)]) and not (
                _disturbs(new_name, there, rules)
            ):
                return MovePlan(source, join(folder, new_name), _paths(here, folder, moves), id, found.left(here))
    raise MoveRefused(f"the name {name}, or that of a file that belongs to it, is taken in {_shown(folder)}")


def plan_return(
    root: Path,
    current: str,
    original: str,
    id: FileId,
    *,
    rules: LayoutRules,
    with_sidecars: bool = True,
    brought: Collection[tuple[str, str]] = (),
) -> MovePlan:
    """Return the move that takes a video back to the exact path where it was.

    `brought` are the sidecars, as (old path, present path), that came along with the video or after it. They go back
    even where another video has the same claim to them. A sidecar whose old name is taken stays where it is. Raise
    `MoveRefused` if the video changed, if the old folder is gone, or if the old name is taken.
    """
    here, name = split(current)
    folder, old_name = split(original)
    if current == original:
        raise MoveRefused(f"{current} is where it was")
    found = _companions(root, current, id, rules, with_sidecars=with_sidecars)
    ours = {split(now)[1]: split(before)[1] for before, now in brought if split(now)[0] == here}
    ours = {now: before for now, before in ours.items() if now in found.near and now not in found.busy}
    with _target(root, folder) as target:
        if _exists(target, old_name):
            raise MoveRefused(f"another file lies at {original}; move it away first")
        if awaited(old_name, _names(target)) is not None:
            raise MoveRefused(f"another file is being downloaded to {original}; try again when it is there")
        # What has the video's name keeps it, also if it had another name before it followed.
        moves = sorted((ours | {other: renamed(other, name, old_name) for other in found.free}).items())
        free = [(old, new) for old, new in moves if not _exists(target, new)]
    taken = _paths(here, folder, [move for move in moves if move not in free])
    left = tuple((old, f"{new} exists already") for old, new in taken)
    return MovePlan(current, original, _paths(here, folder, free), id, left + found.left(here))


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _disturbs(name: str, there: list[str], rules: LayoutRules) -> bool:
    """Return whether a video of this name would get in the way of other files in the folder.

    A running download may end under that name, or files that are there would be taken for the video's sidecars.
    """
    stem = stem_and_extension(name)[0]
    near = [other for other in there if other.startswith(stem.partition(".")[0])]
    return awaited(name, near) is not None or bool(sidecars(name, near, rules.is_video))


@dataclass(frozen=True, slots=True)
class _Companions:
    """The names of a video's sidecars: `free` to move, and `busy` while somebody writes to them.

    `near` are all names in the folder that begin like the video's.
    """

    free: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    near: frozenset[str] = frozenset()

    def left(self, folder: str) -> tuple[tuple[str, str], ...]:
        return tuple((join(folder, name), "somebody is writing to it") for name in self.busy)


def _companions(
    root: Path, source: str, id: FileId, rules: LayoutRules, elsewhere: Collection[str] = (), *, with_sidecars: bool
) -> _Companions:
    """Check that `source` is the expected file. Return its sidecars, if asked for."""
    here, video = split(source)
    start = composed(stem_and_extension(video)[0])
    with _source(root, source, id) as folder:
        if not with_sidecars:
            return _Companions()
        with os.scandir(folder) as entries:  # of thousands only a few have a similar name
            near = [entry for entry in entries if composed(entry.name).startswith(start)]
        names = [entry.name for entry in near if entry.is_file(follow_symlinks=False)]
        found = [
            name for name in sidecars(video, names, rules.is_video, elsewhere) if not rules.ignored(join(here, name))
        ]
        busy = tuple(name for name in found if is_busy(name, names, folder))
    return _Companions(tuple(name for name in found if name not in busy), busy, frozenset(names))


def is_busy(name: str, names: Collection[str], folder: int) -> bool:
    """Return whether somebody is writing to a file of an open folder or is about to replace it.

    `names` lie beside it.
    """
    return name in not_whole(names) or opened_to_write(name, folder) is True


@contextmanager
def _source(root: Path, source: str, id: FileId) -> Iterator[int]:
    here, name = split(source)
    try:
        with opened(root, here) as folder:
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if not stat.S_ISREG(found.st_mode):
                raise MoveRefused(f"{source} is no longer a plain file")
            if file_id(found) != id:
                raise MoveRefused(f"{source} changed since it was looked at")
            yield folder
    except OSError as error:
        raise MoveRefused(f"{source} cannot be reached: {error.strerror}") from error


@contextmanager
def _target(root: Path, folder: str) -> Iterator[int]:
    try:
        with opened(root, folder) as target:
            yield target
    except OSError as error:
        raise MoveRefused(f"{_shown(folder)} cannot be reached: {error.strerror}") from error


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno in _NO_SUCH_NAME:  # carrying out the plan tells what is wrong with the name
            return False
        raise
    return True


def _paths(here: str, folder: str, moves: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((join(here, old), join(folder, new)) for old, new in moves)


def _shown(folder: str) -> str:
    return f"the folder {folder}" if folder else "the inbox"
