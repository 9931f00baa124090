"""Move a video and its sidecars to another folder: plan, journal, carry out, and recover after a crash.

The protocol for the caller, who keeps the journal:

    plan = plan_move(...)                               decides the names
    write the plan to the journal, durably
    carry_out(root, plan, journal)                      journal(step) must be durable when it returns
    mark the entry done, or failed with the reason; after `NameTaken`: plan again, write again, carry out again

    at start, for each entry that is neither done nor failed: recover(root, plan, last step written or "")
    then remove_stale_parts(root)
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sorterd.library.endpoints import Ends, alike, ends
from sorterd.library.files import FileId
from sorterd.library.fingerprint import Stopped
from sorterd.library.junk import is_own_part
from sorterd.library.openat import join, opened, split
from sorterd.library.plan import MovePlan
from sorterd.library.scan import file_id
from sorterd.library.settle_transfer import settle_transfer
from sorterd.library.transfer import Locked, NameRefused, SourceChanged, transfer

RenameOutcome = Literal["done", "not done", "unknown"]

COPIED = "copied"  # the journal's step: a complete copy lies on the other disk and is about to get its name

# Causes that a person or time can remove without changing the file: the same move is worth trying again.
_TRANSIENT = {
    errno.ENOSPC: "there is no space left on the disk of {folder}; free some",
    errno.EDQUOT: "the quota for {folder} is used up; free some space",
    errno.EROFS: "{folder} is on a disk that is mounted read-only",
    errno.EACCES: "sorterd's user may not write into {folder} or where the video lies; change the permissions",
    errno.EPERM: "sorterd's user may not write into {folder} or where the video lies; change the permissions",
    errno.EBUSY: "the file or {folder} is in use by the system",
    errno.ETXTBSY: "the file is in use",
    errno.EIO: "reading or writing failed; the disk may be failing",
    errno.ESTALE: "the network folder is gone for the moment",
    errno.ETIMEDOUT: "the network folder does not answer",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.ENOMEM: "there is too little memory",
}


_UNLOCK = (
    "unlock it in the Finder ('Get Info') or with chflags nouchg"
    if sys.platform == "darwin"
    else "see lsattr, and unlock it with chattr -i -a"
)


class MoveFailed(Exception):
    """A move did not happen. The source is intact and nothing was left at the destination.

    `reason` is for people. `transient`: the same move may work later although the file has not changed. `lasting`: it
    will not work until the file, its name or one of the folders changes.
    """

    def __init__(self, reason: str, *, transient: bool, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.transient = transient
        self.lasting = lasting


class NameTaken(MoveFailed):
    """The destination name was taken after it was planned: plan again."""


@dataclass(frozen=True, slots=True)
class MoveResult:
    """A move that happened.

    `id` is the file at the destination. A copy has another one than the original. `left` are the sidecars that could
    not follow and lie where they were, as (path, reason).
    """

    plan: MovePlan
    id: FileId
    left: tuple[tuple[str, str], ...] = ()


def carry_out(
    root: Path, plan: MovePlan, journal: Callable[[str], None], should_stop: Callable[[], bool] = lambda: False
) -> MoveResult:
    """Carry out a plan. `journal(COPIED)` is called before the source is removed, if it had to be copied.

    `should_stop` is asked about once per MiB while copying to another disk. Raise `NameTaken` or `MoveFailed`. What
    `journal` raises is passed on, with nothing left at the destination.
    """
    try:
        with ends(root, plan.source, plan.destination) as both:
            id = transfer(both, plan.id, lambda: journal(COPIED), should_stop)
    except FileExistsError:
        raise NameTaken(f"{plan.destination} was taken in the meantime", transient=True) from None
    except SourceChanged:
        raise MoveFailed(f"{plan.source} changed while it was about to be moved", transient=False) from None
    except NameRefused as refused:
        name = split(plan.destination)[1]
        whose = "its name" if name == split(plan.source)[1] else f"the name {name}"
        raise MoveFailed(f"{whose} {refused}", transient=False, lasting=True) from refused
    except Locked as locked:
        reason = _locked_reason(plan.source, plan.destination, locked)
        raise MoveFailed(reason, transient=False, lasting=True) from None
    except Stopped:
        raise MoveFailed("stopped while copying", transient=True) from None
    except OSError as error:
        raise _failure(plan, error) from error
    return MoveResult(plan, id, plan.left + _move_sidecars(root, plan, should_stop))


def recover(root: Path, plan: MovePlan, step: str, should_stop: Callable[[], bool] = lambda: False) -> RenameOutcome:
    """After a crash, look at the disk, and finish the move or take it back. Return which of the two happened.

    `step` is the last step in the journal. Anything except `COPIED` means none.

    - "done": the video is at the destination, and so are the sidecars whose names were free.
    - "not done": the video lies untouched where it was, unless the user took it away since.
    - "unknown": the folders cannot be looked at now; keep the entry and ask again.

    Raise `Stopped` if `should_stop()` returned true before it was finished. Then ask again too.
    """
    try:
        with ends(root, plan.source, plan.destination) as both:
            done = settle_transfer(both, plan.id, copied=step == COPIED, should_stop=should_stop)
    except (FileNotFoundError, NotADirectoryError):
        # One of the folders is gone, and with it the video or the place for it: nothing is left to finish or take back.
        done = _lies_at(root, plan.destination, plan.id)
    except OSError:
        return "unknown"
    if not done:
        return "not done"
    _move_sidecars(root, plan, should_stop, after_crash=True)
    return "done"


def remove_stale_parts(root: Path) -> list[str]:
    """Remove what interrupted copies left behind anywhere under the root. Return the relative paths.

    Call it only while no move is running, and after `recover`. Such a file is never the only copy: the original is
    removed after the copy has its final name.
    """
    removed = []
    waiting = [""]
    while waiting:
        path = waiting.pop()
        try:
            with opened(root, path) as folder:
                with os.scandir(folder) as entries:
                    found = list(entries)
                waiting += [join(path, entry.name) for entry in found if entry.is_dir(follow_symlinks=False)]
                for entry in found:
                    if is_own_part(entry.name) and entry.is_file(follow_symlinks=False):
                        os.unlink(entry.name, dir_fd=folder)
                        removed.append(join(path, entry.name))
        except OSError:  # a folder that cannot be read or written keeps its litter until the next start
            continue
    return removed


def _move_sidecars(
    root: Path, plan: MovePlan, should_stop: Callable[[], bool], *, after_crash: bool = False
) -> tuple[tuple[str, str], ...]:
    """Move the sidecars after their video. Return those that could not follow, with the reason."""
    left = []
    for source, destination in plan.sidecars:
        try:
            with ends(root, source, destination) as both:
                _move_sidecar(both, should_stop, after_crash=after_crash)
        except FileExistsError:
            left.append((source, f"{destination} exists already"))
        except Stopped:
            left.append((source, "stopped while copying"))
        except SourceChanged:
            left.append((source, "it changed while it was about to be moved"))
        except NameRefused as refused:
            left.append((source, f"the name {split(destination)[1]} {refused}"))
        except Locked as locked:
            left.append((source, _locked_reason(source, destination, locked)))
        except OSError as error:
            left.append((source, f"it could not be moved: {error.strerror}"))
    return tuple(left)


def _move_sidecar(both: Ends, should_stop: Callable[[], bool], *, after_crash: bool) -> None:
    found = both.source_stat()
    if found is None or not stat.S_ISREG(found.st_mode):  # gone, or moved before the crash
        return
    # The journal keeps no step for sidecars; the same content at both ends proves as much.
    if after_crash and settle_transfer(both, file_id(found), copied=True):
        return
    transfer(both, file_id(found), lambda: None, should_stop)


def _lies_at(root: Path, path: str, id: FileId) -> bool:
    folder, name = split(path)
    try:
        with opened(root, folder) as descriptor:
            return alike(os.stat(name, dir_fd=descriptor, follow_symlinks=False), id)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _locked_reason(source: str, destination: str, locked: Locked) -> str:
    what = _shown(split(destination)[0]) if locked.target else f"{source} or the folder in which it lies"
    return f"{what} is locked; {_UNLOCK}"


def _failure(plan: MovePlan, error: OSError) -> MoveFailed:
    folder = _shown(split(plan.destination)[0])
    if error.errno in _TRANSIENT:
        return MoveFailed(_TRANSIENT[error.errno].format(folder=folder), transient=True)
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
        return MoveFailed(f"{plan.source} or {folder} is gone, or no longer what it was", transient=False)
    return MoveFailed(f"{plan.source} could not be moved to {folder}: {error.strerror}", transient=False)


def _shown(folder: str) -> str:
    return folder or "the inbox"
