"""Decide by name what the user wants sorterd to look at.

Only the worker finds out whether a video can be decoded. Names of running downloads are in `downloads.py`, names of
what is not the user's in `junk.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sorterd.library.downloads import program_of_hidden
from sorterd.library.junk import is_litter
from sorterd.library.kinds import DEFAULT_EXTENSIONS, extension
from sorterd.library.names import composed


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """What the user wants sorterd to look at.

    `extensions` are lower case, without the dot. `ignore` are shell patterns (`*`, `?`, `[abc]`; a `*` also crosses
    folders), each matched against the name and against the path relative to the root.
    """

    extensions: frozenset[str] = DEFAULT_EXTENSIONS
    ignore: tuple[str, ...] = ()

    @classmethod
    def of(cls, extensions: Iterable[str], ignore: Iterable[str]) -> LayoutRules:
        """Return rules from what a person wrote: ".MP4" and "mp4" are the same, "drafts/" means the folder."""
        return cls(
            frozenset(extension.lower().lstrip(".") for extension in extensions),
            tuple(composed(pattern.rstrip("/")) for pattern in ignore),
        )

    def is_video(self, name: str) -> bool:
        """Return whether a file of this name counts as a video, as far as a name tells."""
        return extension(name) in self.extensions and not is_litter(name) and program_of_hidden(name) is None

    def ignored(self, path: str) -> bool:
        """Return whether the user asked to leave this file or folder (relative path) alone."""
        if not self.ignore:
            return False
        path = composed(path)
        name = path.rpartition("/")[2]
        return any(fnmatchcase(name, pattern) or fnmatchcase(path, pattern) for pattern in self.ignore)
