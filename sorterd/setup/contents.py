"""What lies in a folder before sorterd has worked on it, by names alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sorterd.config import Config
from sorterd.library.files import category_of
from sorterd.library.layout import LayoutRules
from sorterd.library.scan import scan
from sorterd.text import counted

DOCUMENTED_SECONDS = 1.0  # per video, on two cores without a graphics card (docs/machines.md)
ENOUGH = 5  # videos of a folder, from which on videos are moved into it at the usual threshold


@dataclass(frozen=True, slots=True)
class Contents:
    """The videos of a library: how many lie in each folder, and how many are `unsorted`.

    `unfinished` are running downloads, `left_alone` files and folders that are not looked at, `unreadable` what could
    not be listed.
    """

    folders: Mapping[str, int]
    unsorted: int
    unfinished: int = 0
    left_alone: int = 0
    unreadable: int = 0

    @property
    def filed(self) -> int:
        """Return how many videos lie in folders."""
        return sum(self.folders.values())

    @property
    def videos(self) -> int:
        """Return how many videos there are."""
        return self.filed + self.unsorted


def contents_of(config: Config) -> Contents:
    """Return what the folder of videos holds. Raise RootUnavailable."""
    listing = scan(config.videos, LayoutRules.of(config.watch.extensions, config.watch.ignore))
    counts = Counter(category_of(path) for path in listing.files)
    return Contents(
        {name: counts[name] for name in sorted(listing.categories)},
        counts[None],
        len(listing.unfinished),
        len(listing.left_alone),
        len(listing.unreadable),
    )


def described(contents: Contents) -> Iterator[str]:
    """Yield what a user should know of the folder before it is looked into, one sentence each."""
    if not contents.videos:
        yield "There are no videos in it yet."
        return
    filled = sum(number > 0 for number in contents.folders.values())
    filed = f"{contents.filed:,} in {counted(filled, 'folder')}" if filled else "none in a folder"
    yield f"It holds {counted(contents.videos, 'video')}: {filed}, {contents.unsorted:,} unsorted."
    few = [name for name, number in contents.folders.items() if number < ENOUGH]
    if few and filled:
        names = ", ".join(few[:3]) + (", ..." if len(few) > 3 else "")
        yield f"{counted(len(few), 'folder')} {_have(few)} fewer than {ENOUGH} videos ({names}): too few to move into."
    if contents.unfinished:
        yield f"{counted(contents.unfinished, 'download')} {_be(contents.unfinished)} not finished."
    if contents.left_alone:
        one = contents.left_alone == 1
        what = "file or folder is" if one else "files and folders are"
        yield f"{contents.left_alone:,} other {what} left alone ('sorterd doctor' names them)."
    if contents.unreadable:
        yield f"{counted(contents.unreadable, 'folder or file')} cannot be read ('sorterd doctor' says why)."


def _have(items: list[str]) -> str:
    return "has" if len(items) == 1 else "have"


def _be(number: int) -> str:
    return "is" if number == 1 else "are"
