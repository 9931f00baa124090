"""What was known of the disk, what may have changed since, and what each change says about labels. Values only."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Literal

from sorterd.library.files import FileId, FolderId, category_of

Source = Literal["user", "auto", "confirmed"]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One path as the store last knew it. `source` is who gave the label. It is None in the inbox."""

    path: str
    id: FileId
    fingerprint: str
    source: Source | None = None

    @property
    def category(self) -> str | None:
        """The folder whose name is this file's label, or None in the inbox."""
        return category_of(self.path)

    @property
    def ours(self) -> bool:
        """Whether it lies in the category where we put it."""
        return self.source in ("auto", "confirmed")


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the store knew: files by path, categories by name.

    `vacated` are the files that lay at paths where there has been no file for up to some days. `recent` holds the time
    at which a file came to one of the paths in `files`, or left one in `vacated`, if that was a short while ago.
    `arrived` are the recent paths in `files` whose content was not known before it came into that folder.
    """

    files: Mapping[str, KnownFile]
    categories: Mapping[str, FolderId]
    vacated: Mapping[str, KnownFile] = field(default_factory=dict)
    recent: Mapping[str, float] = field(default_factory=dict)
    arrived: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrived:
    """New content that is nowhere else, in the inbox or filed by the user."""

    file: KnownFile


@dataclass(frozen=True, slots=True)
class Copied:
    """The same content now lies here too."""

    file: KnownFile
    original: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A file that the user moved or renamed. The content is the same."""

    before: KnownFile
    after: KnownFile


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another video under the same name, with a label from the same source.

    One of the two contents also lies elsewhere, so it is no conversion. `elsewhere` is where the first content lies.
    """

    before: KnownFile
    after: KnownFile
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Converted:
    """New content that is another form of a known video (`origin`), under the same name or in the same folder.

    It inherits what was known of the origin. `gone`: the origin is no longer on disk.
    """

    file: KnownFile
    origin: KnownFile
    gone: bool


@dataclass(frozen=True, slots=True)
class Touched:
    """The same content with another time stamp, inode or device."""

    before: KnownFile
    after: KnownFile


@dataclass(frozen=True, slots=True)
class Gone:
    """A file that is no longer on disk.

    `elsewhere` are paths of the same content: a copy, then a deletion, is a move in two steps. `heir` is another form
    of the video in the same folder, with the source to record.
    """

    file: KnownFile
    elsewhere: tuple[str, ...] = ()
    heir: KnownFile | None = None


@dataclass(frozen=True, slots=True)
class CategoryRenamed:
    """A folder that was renamed. The labels of its files keep their source."""

    old: str
    new: str


Change = Arrived | Copied | Moved | Replaced | Converted | Touched | Gone | CategoryRenamed


@dataclass(frozen=True, slots=True)
class LabelChange:
    """What one change says about a video's label.

    `rejected` is the category that the user took it out of, `accepted` the one that the user put it into. `corrected`:
    the user reversed one of our moves by hand.
    """

    fingerprint: str
    rejected: str | None = None
    accepted: str | None = None
    corrected: bool = False


def label_changes(change: Change) -> tuple[LabelChange, ...]:
    """Return what a change says about labels: usually nothing or one thing.

    Taking a video out of a category, to another one or back to the inbox, rejects that category ("not this one").
    Putting it into a category accepts it. Renaming a file inside a category, or the category itself, says nothing.
    """
    match change:
        case Moved(before, after) if before.category != after.category:
            return (LabelChange(after.fingerprint, before.category, after.category, before.ours),)
        case Arrived(file) | Copied(file) if file.ours:  # it came back to where we had put it
            return ()
        case Arrived(file) | Copied(file) if file.category is not None:
            return (LabelChange(file.fingerprint, accepted=file.category),)
        case Converted(file) if file.category is not None:
            return (LabelChange(file.fingerprint, accepted=file.category),)
        case Gone(file, elsewhere):
            return _left(file, elsewhere)
        case Replaced(before, after, elsewhere) if after.category is not None:
            return (*_left(before, elsewhere), LabelChange(after.fingerprint, accepted=after.category))
        case _:
            return ()


def _left(file: KnownFile, elsewhere: tuple[str, ...]) -> tuple[LabelChange, ...]:
    """Return the rejection by a move in two steps: the file is gone and a copy of it lies in other categories only."""
    if file.category is None or not elsewhere or file.category in map(category_of, elsewhere):
        return ()
    return (LabelChange(file.fingerprint, rejected=file.category, corrected=file.ours),)
