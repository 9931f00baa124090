"""What a person can ask for by command. Shared by service and command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeGuard

from sorterd.changes import KnownFile
from sorterd.library.files import category_of
from sorterd.library.move import MoveFailed, MoveResult
from sorterd.library.plan import MoveRefused
from sorterd.sorting.filing import Filing, NoSuchFolder
from sorterd.sorting.made_folder import folders_left_empty, remove_made_folder
from sorterd.sorting.mover import Mover, UndoRefused
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.sorting.rejecting import reject, withdraw
from sorterd.store.confirmations import unconfirmed
from sorterd.store.journal import Entry
from sorterd.store.store import Store
from sorterd.sync.known_path import known_path, why_unknown

MOVES = frozenset({"undo", "plan_undo", "file", "file_waiting"})
"""Requests that move files, or say how: they are refused while it is in doubt what lies on the disk."""
SYNC_FIRST = MOVES | {"look", "confirm", "retry", "reject", "withdraw"}
"""Requests about videos. What the user has done by hand a moment ago is learned before them."""


class RequestRefused(Exception):
    """What was asked for cannot be done. The message says why."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Carries out requests, given and answered as plain JSON values."""

    store: Store
    mover: Mover
    clock: Callable[[], float]

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what `request["do"]` names. Raise RequestRefused.

        "look" (nothing but the sync before it), "undo" and "plan_undo" (`id`, or `last` = n, or `since`), "retry"
        (`path` or None), "confirm" (`path`; or `paths`, of folders as well; or `all`), "file" (`paths`, `folder`, `new`
        if it may be made, `content` if they must have that fingerprint), "file_waiting" (`videos`, `folder`, `plan` if
        it is only to say what it would do), "reject" and "withdraw" (`path`, `folders` other than its own that it does
        not belong in), "pause", "resume". `there` says whether a path is spelt as on the disk, a list for `paths`.
        """
        if not _is_nameable(request):
            raise RequestRefused("no file can have a name like one in this request")
        match request.get("do"):
            case "look":
                return {}
            case "undo":
                return self._undo(request)
            case "plan_undo":  # a request of its own: a service that does not know it yet must not undo
                return self._plan_undo(request)
            case "retry":
                return {"retried": self._retry(self._path(request), there=request.get("there", False))}
            case "confirm":
                return self._confirm(request)
            case "file":
                return self._file(request)
            case "file_waiting":
                return self._file_waiting(request)
            case "reject":
                file, folders = self._elsewhere(request)
                return {"rejected": reject(self.store, file, folders, now=self.clock())}
            case "withdraw":
                return {"withdrawn": withdraw(self.store, *self._elsewhere(request))}
            case "pause":
                MovingPauses(self.store).pause(self.clock())
                return {"paused": True}
            case "resume":
                pauses = MovingPauses(self.store)
                return {"resumed": pauses.resume(self.clock()), "undo": pauses.undo_hint()}
            case other:
                raise RequestRefused(f"unknown request {other!r}")

    def _undo(self, request: dict[str, Any]) -> dict[str, Any]:
        """Newest first, so that a name taken by a later move is free again for the earlier one. A move that the user
        has confirmed is only taken back by its number. A folder that we made for it goes if it is empty."""
        undone, refused, left = [], [], set()
        for entry in self._entries(request):
            try:
                moved = self.mover.undo(entry)
                undone.append(_moved(entry.number, moved))
                left.add(category_of(moved.plan.source) or "")
            except (UndoRefused, MoveRefused, MoveFailed) as error:
                refused.append({"id": entry.number, "path": entry.destination, "reason": str(error)})
        removed = [name for name in sorted(left) if remove_made_folder(self.mover.root, self.store, name)]
        return {"undone": undone, "refused": refused, "folders_removed": removed}

    def _plan_undo(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what "undo" would do, without moving. `after` are the numbers of moves that would be undone before."""
        planned, refused, leaving = [], [], []
        for number in request.get("after", ()):
            with suppress(UndoRefused, MoveRefused):  # refused in an answer of its own
                leaving += [
                    path for entry in self._entries({"id": number}) for path in self.mover.plan_undo(entry).here
                ]
        for entry in self._entries(request):
            try:
                plan = self.mover.plan_undo(entry)
                planned.append(_moved(entry.number, MoveResult(plan, plan.id, plan.left)))
                leaving += plan.here
            except (UndoRefused, MoveRefused) as error:
                refused.append({"id": entry.number, "path": entry.destination, "reason": str(error)})
        removed = folders_left_empty(self.mover.root, self.store, leaving)
        return {"would_undo": planned, "refused": refused, "folders_removed": removed}

    def _entries(self, request: dict[str, Any]) -> list[Entry]:
        if request.get("id") is not None:
            entry = self.store.journal.get(int(request["id"]))
            if entry is None:
                raise RequestRefused(f"there is no move {request['id']}")
            return [entry]
        if request.get("since") is not None:
            return self.store.journal.latest(-1, since=float(request["since"]))
        last = int(request.get("last") or 1)
        if last < 1:  # no limit, to SQLite
            raise RequestRefused(f"{last} moves cannot be undone; say at least 1")
        return self.store.journal.latest(last)

    def _file(self, request: dict[str, Any]) -> dict[str, Any]:
        paths, folder, content = request.get("paths"), request.get("folder"), request.get("content")
        if not (are_texts(paths) and isinstance(folder, str) and isinstance(content, str | None)):
            raise RequestRefused("to file videos takes a list of paths and the name of a folder")
        try:
            filed, refused = Filing(self.mover).file(paths, folder, new=request.get("new") is True, content=content)
        except NoSuchFolder as error:
            raise RequestRefused(str(error)) from error
        return {
            "filed": [_moved(one.number, one.moved) for one in filed],
            "refused": [{"path": path, "reason": reason} for path, reason in refused],
        }

    def _file_waiting(self, request: dict[str, Any]) -> dict[str, Any]:
        """File all copies of these contents that lie in the inbox into a folder, which is made if there is none.

        Those that do not lie there any more, or that lie in another folder too by now, are "elsewhere", with where
        they lie.
        """
        videos, folder = request.get("videos"), request.get("folder")
        if not (are_texts(videos) and isinstance(folder, str)):
            raise RequestRefused("to file what waits takes a list of contents and the name of a folder")
        places = {video: self.store.files.places(video) for video in dict.fromkeys(videos)}
        stay = {video for video, files in places.items() if {file.category for file in files} - {folder} != {None}}
        elsewhere = [
            {"video": video, "paths": [file.path for file in places[video]]} for video in places if video in stay
        ]
        paths = [
            file.path
            for video, files in places.items()
            for file in files
            if video not in stay and file.category is None
        ]
        try:
            if request.get("plan") is True:
                into, planned, refused = Filing(self.mover).plan(paths, folder)
                done: dict[str, Any] = {"would_file": [{"from": path, "folder": into} for path in planned]}
            else:
                filed, refused = Filing(self.mover).file(paths, folder, new=True)
                done = {"filed": [_moved(one.number, one.moved) for one in filed]}
        except NoSuchFolder as error:
            raise RequestRefused(str(error)) from error
        return {
            **done,
            "refused": [{"path": path, "reason": reason} for path, reason in refused],
            "elsewhere": elsewhere,
        }

    def _elsewhere(self, request: dict[str, Any]) -> tuple[KnownFile, list[str]]:
        path, folders = request.get("path"), request.get("folders")
        if not (isinstance(path, str) and are_texts(folders)):
            raise RequestRefused("to reject folders takes the path of a video and a list of folders")
        file = self.store.files.at(path)
        if file is None:
            raise RequestRefused(self._why_unknown(path))
        if file.category in folders:
            raise RequestRefused(f"{path} lies in {file.category}: drag it out to say that it does not belong there")
        return file, folders

    def _path(self, request: dict[str, Any]) -> str | None:
        """Return the path of the file that is meant, which may be known by another spelling than on the disk."""
        path = request.get("path")
        return path if path is None or request.get("there", True) else known_path(self.store, path)

    def _why_unknown(self, path: str, *, there: bool = False) -> str:
        return why_unknown(self.store, self.mover.root, self.mover.rules, path, there=there)

    def _retry(self, path: str | None, *, there: bool) -> int:
        if path is not None and self.store.files.at(path) is None and path not in self.store.features.unreadable():
            raise RequestRefused(self._why_unknown(path, there=there))
        if path is None:
            self.store.pictures.retry()
        return self.store.features.retry(path)

    def _confirm(self, request: dict[str, Any]) -> dict[str, Any]:
        """Of a `path` alone a refusal is one of the whole request."""
        paths = request.get("paths")
        if request.get("all") is True:
            paths = unconfirmed(self.store.connection)
        if paths is None:
            return self._confirm_one(str(self._path(request)), there=request.get("there", False))
        if not are_texts(paths):
            raise RequestRefused("to confirm videos takes a list of paths")
        there = request.get("there", [None] * len(paths))
        confirmed, refused = [], []
        with self.store.transaction():  # thousands at once are one wait for the disk
            for path, is_there in zip(paths, there, strict=True):
                named = known_path(self.store, path) if is_there is False else path
                try:
                    confirmed += [self._confirm_one(one, there=is_there is True) for one in self._meant(named)]
                except RequestRefused as error:
                    refused.append({"path": path, "reason": str(error)})
        return {"confirmed": confirmed, "refused": refused}

    def _meant(self, path: str) -> list[str]:
        """Return the path of a video itself, or of all in a folder that wait to be confirmed. Raise RequestRefused."""
        if self.store.files.at(path) is not None:
            return [path]
        ours = unconfirmed(self.store.connection, f"{path}/")
        if not ours and path in self.store.files.folders():
            raise RequestRefused(f"nothing in {path} is there by a move of sorterd's that you have not confirmed")
        return ours or [path]

    def _confirm_one(self, path: str, *, there: bool) -> dict[str, Any]:
        file = self.store.files.at(path)
        if file is None:
            raise RequestRefused(self._why_unknown(path, there=there))
        if file.category is None:
            raise RequestRefused(f"{path} lies in the inbox: file it, or drag it into a folder instead")
        if not self.store.files.confirm(path, now=self.clock()):
            raise RequestRefused(f"{path} is already labelled {file.category} by you")
        return {"path": path, "category": file.category}


def are_texts(value: Any) -> TypeGuard[list[str]]:
    """Return whether this is a list of texts."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _moved(number: int, moved: MoveResult) -> dict[str, Any]:
    """Return what move `number` moved, or moved back: the video, its sidecars, and why some sidecars stayed."""
    left = dict(moved.left)
    return {
        "id": number,
        "from": moved.plan.source,
        "to": moved.plan.destination,
        "sidecars": [there for here, there in moved.plan.sidecars if here not in left],
        "left": [{"path": path, "reason": reason} for path, reason in left.items()],
    }


def _is_nameable(value: object) -> bool:
    """Return whether each text in a JSON value can be part of a path. A lone surrogate, for one, cannot."""
    match value:
        case str():
            try:
                os.fsencode(value)
            except UnicodeEncodeError:
                return False
            return True
        case dict():
            return all(map(_is_nameable, value.values()))
        case list():
            return all(map(_is_nameable, value))
        case _:
            return True
