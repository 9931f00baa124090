"""Where a caption may stand, as a scan saw it. Nothing was opened for that."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

RULES = 4
"""Raise it whenever the same files would give another caption: then all captions are read again, and no video is.
DECISION_METHOD is raised too."""

SIDECAR_ENDINGS = (".info.json", ".json", ".description", ".txt")
"""What follows the video's name, with or without its extension, in the names of sidecars that may hold a caption; the
first comes first. `x.en.txt` or `x.live_chat.json` are something else."""

_ID = re.compile(r"(?<!\d)\d{15,21}(?!\d)")  # of a post, as platforms number them


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file as it lay on disk: its name (a sidecar), or its absolute path (a database)."""

    name: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class CaptionSource:
    """The video's own name, its text sidecars, and the databases of the download program if its name carries an id.

    Names are as `os.fsdecode` makes them.
    """

    video: str
    sidecars: tuple[FileSeen, ...] = ()
    databases: tuple[FileSeen, ...] = ()

    @property
    def seen(self) -> str:
        """The source as text, with the rules that it is read by. Two equal sources have equal text."""
        return json.dumps({"rules": RULES, **asdict(self)}, separators=(",", ":"))  # ASCII: a surrogate is escaped

    @classmethod
    def parse(cls, seen: str) -> CaptionSource:
        """Return the source that this text was made from. Raise ValueError for any other text."""
        try:
            found = json.loads(seen)
            video = found["video"]
            sidecars, databases = (tuple(map(_file, found[kind])) for kind in ("sidecars", "databases"))
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("not the text of a caption's source") from error
        if not isinstance(video, str):
            raise ValueError("not the text of a caption's source")
        return cls(video, sidecars, databases)


def post_id(name: str) -> str | None:
    """Return the id of a post that a file's name carries, the last one if there are several."""
    found = _ID.findall(name)
    return found[-1] if found else None


def _file(value: Any) -> FileSeen:
    name, size, mtime = value["name"], value["size"], value["mtime_ns"]
    if not (isinstance(name, str) and isinstance(size, int) and isinstance(mtime, int)):
        raise ValueError("not the text of a caption's source")
    return FileSeen(name, size, mtime)
