"""What the page asks of the running service. Nothing else changes anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sorterd.changes import KnownFile
from sorterd.service.control import NoAnswer, NotRunning
from sorterd.text import counted, printable

Request = dict[str, Any]
NO_SERVICE = "sorterd does not run any more, so nothing was changed: start it, or open this page again"

AT_ONCE = 20  # videos in one request


class Refused(Exception):
    """What was asked for was not done. The message says why, for the user."""


@dataclass(frozen=True, slots=True)
class Actions:
    """`ask` sends a request to the service and returns its reply. `places` tells where a content lies."""

    ask: Callable[[Request], Request]
    places: Callable[[str], Sequence[KnownFile]]

    def file(self, video: str, here: str | None, folder: str, *, new: bool) -> dict[str, Any]:
        """Move every copy of a video that lies in `here` (None: the inbox) into `folder`. Raise Refused."""
        paths = [file.path for file in self._at(video, here)]
        answer = self._ask({"do": "file", "paths": paths, "folder": folder, "new": new, "content": video})
        return _filed(answer["filed"], answer["refused"])

    def make(self, videos: Sequence[str], folder: str) -> dict[str, Any]:
        """File those of these videos that wait in the inbox into a folder, which may be new. Raise Refused."""
        filed, refused, gone = [], [], 0
        for start in range(0, len(videos), AT_ONCE):
            some = list(videos[start : start + AT_ONCE])
            answer = self._ask({"do": "file_waiting", "videos": some, "folder": folder})
            filed += answer["filed"]
            refused += answer["refused"]
            gone += len(answer["elsewhere"])
        were = "was" if gone == 1 else "were"
        said = [f"{counted(gone, 'video')} had left the inbox and {were} skipped"] if gone else []
        return _filed(filed, refused, said, "none of these videos is in the inbox any more")

    def undo(self, moves: Sequence[int]) -> dict[str, Any]:
        """Take back these moves, the last one first. Raise Refused if none could be."""
        undone, refused = [], []
        for number in sorted(moves, reverse=True):
            answer = self._ask({"do": "undo", "id": number})
            undone += answer["undone"]
            refused += answer["refused"]
        if not undone:
            raise Refused(_reasons(refused))
        return {"notes": [f"move {one['id']} was not taken back: {one['reason']}" for one in refused]}

    def confirm(self, videos: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Accept where we have put these (video, folder). Raise Refused if none could be."""
        ours = {file.path: video for video, folder in videos for file in self._there(video, folder) if file.ours}
        if not ours:
            raise Refused("none of these lies where sorterd has put it any more")
        answer = self._ask({"do": "confirm", "paths": list(ours)})
        if not answer["confirmed"]:
            raise Refused(_reasons(answer["refused"]))
        notes = [printable(f"{one['path']} stays as it is: {one['reason']}.") for one in answer["refused"]]
        return {"confirmed": [ours[one["path"]] for one in answer["confirmed"]], "notes": notes}

    def leave(self, video: str, here: str | None, folders: Sequence[str]) -> dict[str, Any]:
        """Say that a video belongs in none of these folders, and leave it `here` (None: the inbox). Raise Refused."""
        file = self._at(video, here)[0]
        answer = self._ask({"do": "reject", "path": file.path, "folders": list(folders)}) if folders else {}
        return {"rejected": answer.get("rejected", []), "notes": []}

    def withdraw(self, video: str, here: str | None, folders: Sequence[str]) -> dict[str, Any]:
        """Take `leave` back. Raise Refused."""
        if folders:
            self._ask({"do": "withdraw", "path": self._at(video, here)[0].path, "folders": list(folders)})
        return {"notes": []}

    def retry(self, video: str) -> dict[str, Any]:
        """Try again to read a video. Raise Refused."""
        for file in self._at(video, None):
            self._ask({"do": "retry", "path": file.path})
        return {"notes": []}

    def _at(self, video: str, here: str | None) -> list[KnownFile]:
        found = self._there(video, here)
        if not found:
            where = "in the inbox" if here is None else f"in {printable(here)}"
            raise Refused(f"this video does not lie {where} any more")
        return found

    def _there(self, video: str, here: str | None) -> list[KnownFile]:
        return [file for file in self.places(video) if file.category == here]

    def _ask(self, request: Request) -> Request:
        try:
            answer = self.ask(request)
        except NotRunning as error:
            raise Refused(NO_SERVICE) from error
        except NoAnswer as error:
            raise Refused(f"{error}; look at the list again in a moment") from error
        if isinstance(answer.get("refused"), str):
            raise Refused(answer["refused"])
        return answer


def _filed(
    filed: Sequence[Request], refused: Sequence[Request], said: Sequence[str] = (), why: str = "nothing was changed"
) -> dict[str, Any]:
    """Return the moves that were made, and what there is to say about the rest. Raise Refused if there is no move."""
    if not filed:
        raise Refused(_reasons(refused, why))
    stayed = [*refused, *(one for done in filed for one in done["left"])]
    notes = [f"{printable(one['path'])} stayed: {one['reason']}" for one in stayed]
    return {"moves": [one["id"] for one in filed], "notes": [*said, *notes]}


def _reasons(refused: Sequence[Request], none: str = "nothing was changed") -> str:
    return "; ".join(dict.fromkeys(printable(str(one["reason"])) for one in refused)) or none
