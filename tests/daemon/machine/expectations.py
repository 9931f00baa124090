"""What somebody who sees every single action of the user must know of each video, as far as that is beyond doubt.

Kept simple on purpose: where a person would have to think twice (a second copy in the same folder), nothing is
expected.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sorterd.changes import Source
from sorterd.library.files import category_of


@dataclass(frozen=True, slots=True)
class Video:
    """A file on disk: which one it is, and what is in it."""

    inode: int
    content: bytes


Videos = Mapping[str, Video]


@dataclass(slots=True)
class Expectations:
    """`sources` of labels by path, pairs of content and category that are `rejected` or `accepted` (put there by the
    user, and none of it taken elsewhere since), contents `taken_back` by undo and not filed since.

    `ours` are the contents that may have had our label ever: what comes back of them may have kept it.
    """

    sources: dict[str, Source | None] = field(default_factory=dict)
    rejected: set[tuple[bytes, str]] = field(default_factory=set)
    accepted: set[tuple[bytes, str]] = field(default_factory=set)
    taken_back: set[bytes] = field(default_factory=set)
    ours: set[bytes] = field(default_factory=set)
    forms: dict[str, set[str]] = field(default_factory=dict)  # the paths that ever had a name like this

    def the_user_did(self, before: Videos, after: Videos, renamed: tuple[str, str] | None = None) -> None:
        """One action of the user made `after` of `before`; `renamed` is a category with its new name."""
        for path in before:
            self.forms.setdefault(_plain(path), set()).add(path)
        paths = {video.inode: path for path, video in before.items()}
        if renamed is not None:
            old, new = renamed
            self.rejected = {(content, new if folder == old else folder) for content, folder in self.rejected}
            self.rejected -= {(video.content, new) for path, video in after.items() if category_of(path) == new}
            self.accepted = {(content, new if folder == old else folder) for content, folder in self.accepted}
        sources: dict[str, Source | None] = {}
        for path, video in after.items():
            origin = paths.get(video.inode)
            if path in before and before[path].content != video.content:
                self.ours.add(video.content)  # another video in the same place keeps the label of the one before
            if path in before and before[path].content == video.content:
                origin = path
            if origin is None and path in before:  # by what was no video until now: saved over, like by an editor
                origin = path
            if origin is None:
                if path not in before:  # else it is another video in the same place
                    self._arrived(path, video.content, before, sources)
                continue
            came_from = category_of(origin)
            if renamed is not None and came_from == renamed[0]:
                came_from = renamed[1]
            if came_from != category_of(path):
                sources[path] = None if category_of(path) is None else "user"
                self._left(video.content, came_from, after)
            elif origin in self.sources and (origin != path or _as_plain_as_before(path, video, before)):
                sources[path] = self.sources[origin]
        self.sources = sources
        for path in before.keys() - after.keys():  # what came after it may be another form of it
            for other in self.forms[_plain(path)] & self.sources.keys() - {path}:
                if "(" in other.rpartition("/")[2]:
                    del self.sources[other]
        self._vanished(before, after)
        self._stays_accepted(before, after)
        there = {(video.content, category_of(path)) for path, video in before.items()}
        gone = {video.content for path, video in before.items() if path not in after}
        for path, video in after.items():
            category = category_of(path)
            if category is None or before.get(path) == video:
                continue
            self.taken_back.discard(video.content)
            if renamed is None:
                self.rejected.discard((video.content, category))
                fresh = video.inode not in paths and not ((video.content, category) in there and video.content in gone)
                if fresh and video.content not in self.ours:
                    self.accepted.add((video.content, category))

    def the_user_put_back(self, sources: Mapping[str, Source | None]) -> None:
        """What was taken out of the library lies where it lay, and in the meantime was nowhere else."""
        self.sources |= sources

    def we_moved(self, content: bytes, source: str, target: str) -> None:
        """Into a category, or by an undo out of it."""
        self.sources.pop(source, None)
        self.sources[target] = None if category_of(target) is None else "auto"
        self.ours.add(content)
        if category_of(target) is None:
            self.taken_back.add(content)
            self.accepted = {(other, category) for other, category in self.accepted if other != content}

    def _arrived(self, path: str, content: bytes, before: Videos, sources: dict[str, Source | None]) -> None:
        category = category_of(path)
        beside = any(video.content == content and category_of(other) == category for other, video in before.items())
        if category is None:
            sources[path] = None
        elif not beside and content not in self.ours:
            forms = self.forms.get(_plain(path), set()) - {path}
            known = any(video.content == content for video in before.values())
            if not forms or known:
                sources[path] = "user"
            elif forms <= before.keys() and len(forms) == 1:  # beside another form of it, or another video
                (other,) = forms
                if other.rpartition(".")[0] != path.rpartition(".")[0]:
                    sources[path] = "user"
                elif other in self.sources:
                    sources[path] = self.sources[other]

    def _vanished(self, before: Videos, after: Videos) -> None:
        """A copy, then a deletion, is a move in two steps."""
        inodes, contents = {video.inode for video in after.values()}, {video.content for video in after.values()}
        for path, video in before.items():
            if path not in after and video.inode not in inodes and video.content in contents:
                self._left(video.content, category_of(path), after)

    def _stays_accepted(self, before: Videos, after: Videos) -> None:
        there = {(video.content, category_of(path)) for path, video in after.items()}
        came = {video.content for path, video in after.items() if before.get(path) != video}
        self.accepted = {pair for pair in self.accepted if pair in there and pair[0] not in came}

    def _left(self, content: bytes, category: str | None, after: Videos) -> None:
        still = any(video.content == content and category_of(path) == category for path, video in after.items())
        if category is not None and not still:
            self.rejected.add((content, category))


def _plain(path: str) -> str:
    """A path without extension and number: what other forms of a video have in common."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{name.rpartition('.')[0].partition(' (')[0]}"


def _as_plain_as_before(path: str, video: Video, before: Videos) -> bool:
    """Whether what lies at the path is the same, or new there and nowhere else in its category."""
    others = (one for other, one in before.items() if other != path and category_of(other) == category_of(path))
    return before[path].content == video.content or all(one.content != video.content for one in others)
