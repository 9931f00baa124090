"""Which names under the root are videos, which are junk, and which belong to a download that is still running.

Names only: nothing here looks at a file. Whether a video can be decoded is found out by the worker.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

# What FFmpeg (inside PyAV and decord) reads and people keep as video. Left out on purpose: `gif` (mostly pictures and
# thumbnails, which would be moved as if they were films), `m4a` and `mp3` (no picture). `ts` stays although TypeScript
# uses it too: a recording that is silently ignored is worse than a source file that is reported as unreadable.
DEFAULT_EXTENSIONS = frozenset(
    ("mp4", "mov", "mkv", "webm", "m4v", "avi",
     "3g2", "3gp", "asf", "f4v", "flv", "m2ts", "mpeg", "mpg", "mts", "mxf", "ogm", "ogv", "ts", "wmv")
)

# Our own temporary files start with this. A leading dot, so that every rule about hidden names covers them too.
OWN_PREFIX = ".sorterd-"
OWN_SUFFIX = ".part"

# Folders and files that systems leave behind and people never see; compared in lower case. Names with a leading dot
# (.Trash-1000, .stfolder, .stversions, .DS_Store, ._x.mp4) are hidden anyway.
JUNK = frozenset(
    name.lower()
    for name in (
        "@eaDir",  # Synology: thumbnails, one folder per folder
        "@Recycle",  # QNAP
        "@Recently-Snapshot",
        "#recycle",
        "#snapshot",
        "lost+found",
        "$RECYCLE.BIN",
        "RECYCLER",
        "System Volume Information",
        "Network Trash Folder",
        "Temporary Items",
        "__MACOSX",
    )
)

# A file that downloaders keep beside the one they are filling.
COMPANIONS = (".part", ".aria2", ".ytdl", ".crdownload", ".partial", ".filepart", ".download", ".lftp-pget-status")

# yt-dlp keeps the tracks as x.f137.mp4 and x.f251.webm until it has merged them through x.temp.mp4 into x.mp4.
_TRACK = re.compile(
    r"(?P<stem>.+)\.(temp|f\d+(-[a-z0-9]+)?|f(hls|dash|http)-[\w-]+)(?P<end>\.[a-z0-9]+)(\.part|\.ytdl)?", re.DOTALL
)


def extension(name: str) -> str:
    """The extension of a file name, lower case and without its dot; "" if it has none."""
    _, dot, tail = name.rpartition(".")
    return tail.lower() if dot else ""


def is_junk(name: str) -> bool:
    """Whether a file or folder of this name is hidden, a system's litter, or ours, and so is never looked at."""
    return name.startswith(".") or name.lower() in JUNK


def is_own_part(name: str) -> bool:
    """Whether this is the temporary file of one of our own copies."""
    return name.startswith(OWN_PREFIX) and name.endswith(OWN_SUFFIX)


def companion(name: str, exists: Callable[[str], bool]) -> str | None:
    """The name beside `name` that says its download is still running, or None.

    `exists` tells whether a name lies in the same folder.
    """
    stem, dot, tail = name.rpartition(".")
    remuxed = [f"{stem}.temp.{tail}"] if dot else []
    return next((other for other in [name + end for end in COMPANIONS] + remuxed if exists(other)), None)


def intermediates(names: Iterable[str]) -> frozenset[str]:
    """Those of a folder's names that are tracks of a yt-dlp download in the making.

    `x.f137.mp4` counts only beside another track of the same `x`, `x.temp.mp4` also beside `x.mp4`: a finished video
    that merely happens to be called so must not be ignored for ever.
    """
    names = frozenset(names)
    tracks = {name: match for name in names if (match := _TRACK.fullmatch(name))}
    together = Counter(match["stem"] for match in tracks.values())
    return frozenset(
        name
        for name, match in tracks.items()
        if together[match["stem"]] > 1 or (match[2] == "temp" and match["stem"] + match["end"] in names)
    )


def awaited(name: str, names: Iterable[str]) -> str | None:
    """That one of a folder's names which says that a download under way will end in a file `name`, or None.

    Downloaders rename over whatever lies there by then.
    """
    names = frozenset(names)
    stem = name.rpartition(".")[0]
    tracks = (other for other in names if stem and (match := _TRACK.fullmatch(other)) and match["stem"] == stem)
    return companion(name, names.__contains__) or next(tracks, None)


def hides(name: str, names: Iterable[str]) -> bool:
    """Whether a video `name` beside these names, or one of them because of it, would count as a track of a download."""
    names = frozenset(names)
    return intermediates(names | {name}) != intermediates(names)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the user wants looked at.

    `extensions` are lower case and without dot. `ignore` are shell patterns (`*`, `?`, `[abc]`; a `*` also crosses
    folders), each matched against the name and against the path relative to the root.
    """

    extensions: frozenset[str] = DEFAULT_EXTENSIONS
    ignore: tuple[str, ...] = ()

    @classmethod
    def of(cls, extensions: Iterable[str], ignore: Iterable[str]) -> Rules:
        """Rules from what a person wrote: ".MP4" and "mp4" are the same; "drafts/" means the folder."""
        return cls(
            frozenset(extension.lower().lstrip(".") for extension in extensions),
            tuple(_composed(pattern.rstrip("/")) for pattern in ignore),
        )

    def is_video(self, name: str) -> bool:
        """Whether a file of this name is a video to us."""
        return extension(name) in self.extensions and not is_junk(name)

    def ignored(self, path: str) -> bool:
        """Whether the user asked for this file or folder (relative path) to be left alone."""
        if not self.ignore:
            return False
        path = _composed(path)
        name = path.rpartition("/")[2]
        return any(fnmatchcase(name, pattern) or fnmatchcase(path, pattern) for pattern in self.ignore)


def _composed(text: str) -> str:
    """In one spelling of Unicode: a Mac's file systems, and what was copied from there, have their own."""
    return unicodedata.normalize("NFC", text)
