"""Find the folders that a user may want to have sorted, and rank them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from sorterd.library.kinds import DEFAULT_EXTENSIONS
from sorterd.library.places import answers_of
from sorterd.setup import search

SECONDS = 5.0  # a home folder on a local disk takes less than one
OFFERED = 5
_TELLING = re.compile(
    r"tik.?tok|my.?fave|yt.?dlp|youtube.?dl|gallery.?dl|\bshorts?\b|\breels?\b|insta|snapchat|\bsaved?\b|favou?rite"
    r"|\bliked?\b|\bmemes?\b|\bclips?\b",
    re.IGNORECASE,
)
_CAMERA = re.compile(r"dcim|camera|[0-9]{3}(apple|canon|_?pana|msdcf)|screen ?(casts|recordings)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LikelyFolder:
    """A folder that holds videos: how many lie in it directly, and how many in how many of its sub-folders.

    `origin` says which program the videos are likely to come from, or is "".
    """

    path: Path
    unsorted: int
    filed: int
    folders: int
    origin: str = ""

    @property
    def videos(self) -> int:
        """Return how many videos it holds."""
        return self.unsorted + self.filed


def find_likely(home: Path, here: Path | None = None, *, seconds: float = SECONDS) -> list[LikelyFolder]:
    """Return the likeliest folders, best first, as far as they are found in that time. Nothing is opened or changed.

    `here` is the folder that the user is in.
    """
    starts = [os.fspath(start) for start in _starts(home, here)]
    arguments = [",".join(sorted(DEFAULT_EXTENSIONS)), *starts]
    found = answers_of(search.__file__, arguments, seconds)
    return rank(found, home)


def _starts(home: Path, here: Path | None) -> Iterable[Path]:
    """Return where to look, the likeliest first: what is reached in time counts."""
    usual = [home / name for name in ("Videos", "Movies", "Downloads", "Desktop", "Documents", "Pictures")]
    named = [Path(platformdirs.user_videos_dir()), Path(platformdirs.user_downloads_dir())]
    disks = (Path("/Volumes"),) if sys.platform == "darwin" else (Path("/run/media") / home.name, Path("/media"))
    near = [] if here is None else [here]
    starts = dict.fromkeys([*near, *_telling(home), *named, *usual, *disks])
    return [start for start in starts if start not in (home, Path("/"))]


def _telling(home: Path) -> list[Path]:
    """Return the folders in the home folder whose names say that they hold such videos."""
    try:
        with os.scandir(home) as entries:  # without asking about the folders themselves: one may be a dead mount
            names = [one.name for one in entries if one.is_dir(follow_symlinks=False) and _TELLING.search(one.name)]
    except OSError:
        return []
    return [home / name for name in sorted(names)]


def rank(found: Sequence[Mapping[str, Any]], home: Path) -> list[LikelyFolder]:
    """Return the folders that may be the root of a library, best first. Pure.

    `found` are the answers of `search`. A root is a folder in which videos lie, or whose direct sub-folders hold
    videos. The home folder itself is none.
    """
    tree = _Tree.of(found, home)
    roots = {*tree.folders, *tree.children} - {home, Path("/")}
    scored = sorted((-_score(root, tree), str(root), root) for root in roots)
    chosen: list[LikelyFolder] = []
    for score, _, root in scored:
        # A category of a library that is offered already is no library of its own, unless it has folders itself.
        within = root not in tree.children and any(root.parent == other.path and other.filed for other in chosen)
        if score < 0 and not within:
            chosen.append(_described(root, tree))
        if len(chosen) == OFFERED:
            break
    return chosen


@dataclass(frozen=True, slots=True)
class _Tree:
    """The folders in which videos lie, and those of them that are directly in another folder."""

    folders: Mapping[Path, Mapping[str, Any]]
    children: Mapping[Path, list[Path]]
    home: Path

    @classmethod
    def of(cls, found: Sequence[Mapping[str, Any]], home: Path) -> _Tree:
        """Return the tree of the answers of `search`."""
        folders = {Path(one["path"]): one for one in found}
        children: dict[Path, list[Path]] = {}
        for path in folders:
            children.setdefault(path.parent, []).append(path)
        return cls(folders, children, home)

    def names(self, folder: Path) -> Sequence[str]:
        """Return the last few names of a path, without those of the home folder."""
        path = folder.relative_to(self.home) if folder.is_relative_to(self.home) else folder
        return path.parts[-4:]

    def direct(self, folder: Path) -> int:
        """Return how many videos lie directly in a folder."""
        return int(self.folders[folder]["videos"]) if folder in self.folders else 0

    def near(self, folder: Path) -> list[Mapping[str, Any]]:
        """Return what was found in a folder and directly below it."""
        return [self.folders[one] for one in (folder, *self.children.get(folder, ())) if one in self.folders]


def _score(root: Path, tree: _Tree) -> float:
    children = tree.children.get(root, [])
    filed = sum(map(tree.direct, children))
    direct = tree.direct(root)
    score = direct + filed + 2.0 * len(children) if direct or len(children) > 1 else 0.0
    if _TELLING.search(root.name):
        score = 3 * score + 20
    elif any(_TELLING.search(part) for part in tree.names(root)):
        score *= 2
    if _origin(root, tree):
        score *= 2
    return score * (0.2 if any(_CAMERA.search(part) for part in tree.names(root)) else 1.0)


def _described(root: Path, tree: _Tree) -> LikelyFolder:
    below = [path for path in tree.folders if root in path.parents]
    tops = {path.relative_to(root).parts[0] for path in below}
    return LikelyFolder(root, tree.direct(root), sum(map(tree.direct, below)), len(tops), _origin(root, tree))


def _origin(root: Path, tree: _Tree) -> str:
    """Return which program the videos in a folder and its sub-folders are likely to come from, or ""."""
    near = tree.near(root)
    videos = sum(one["videos"] for one in near)
    if any(re.search(r"my.?fave", part, re.IGNORECASE) for part in tree.names(root)):
        return "from myfaveTT"
    if 2 * sum(one["notes"] for one in near) > videos:
        return "from yt-dlp"
    return "named as TikTok names them" if 2 * sum(one["by_id"] for one in near) > videos else ""
