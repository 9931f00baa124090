"""Which names under the root the user wants looked at.

Names only: nothing here looks at a file. Whether a video can be decoded is found out by the worker. What programs leave
in a folder while they are at it is in `downloads.py`, what is none of the user's in `junk.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sorterd.library.downloads import program_of_hidden
from sorterd.library.junk import is_litter
from sorterd.library.kinds import DEFAULT_EXTENSIONS, extension


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """What the user wants looked at.

    `extensions` are lower case and without dot. `ignore` are shell patterns (`*`, `?`, `[abc]`; a `*` also crosses
    folders), each matched against the name and against the path relative to the root.
    """

    extensions: frozenset[str] = DEFAULT_EXTENSIONS
    ignore: tuple[str, ...] = ()

    @classmethod
    def of(cls, extensions: Iterable[str], ignore: Iterable[str]) -> LayoutRules:
        """Rules from what a person wrote: ".MP4" and "mp4" are the same; "drafts/" means the folder."""
        return cls(
            frozenset(extension.lower().lstrip(".") for extension in extensions),
            tuple(_composed(pattern.rstrip("/")) for pattern in ignore),
        )

    def is_video(self, name: str) -> bool:
        """Whether a file of this name is a video to us, as far as a name tells."""
        return extension(name) in self.extensions and not is_litter(name) and program_of_hidden(name) is None

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
