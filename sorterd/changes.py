"""What was known of the disk, what can have happened to it since, and what each change teaches. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sorterd.library.files import FileId, FolderId, category_of

Source = Literal["user", "auto", "confirmed"]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One path as the store last knew it. `source` says who gave the label; None in the inbox, which has no label."""

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
        """Whether it lies where we have put it."""
        return self.source in ("auto", "confirmed")


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the store knew: files by path, categories by name.

    `vacated` are the files that lay at paths where there has been none for some days; `recent` says of the paths among
    both where this became so lately when it did.
    """

    files: Mapping[str, KnownFile]
    categories: Mapping[str, FolderId]
    vacated: Mapping[str, KnownFile] = field(default_factory=dict)
    recent: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Content that is nowhere else: dropped into the inbox, or filed by the user."""

    file: KnownFile


@dataclass(frozen=True, slots=True)
class Copied:
    """The same content now lies here too."""

    file: KnownFile
    original: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The user moved or renamed a file; the content is the same."""

    before: KnownFile
    after: KnownFile


@dataclass(frozen=True, slots=True)
class Replaced:
    """Other content under the same name, of which one or the other lies elsewhere too: another video, in the same place
    and with a label from the same source. `elsewhere` is where the first content lies now."""

    before: KnownFile
    after: KnownFile
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Converted:
    """New content that is another form of a known video, in the same folder, or lies under its name: it keeps what was
    known of the first form. `gone`: that one is nowhere any more."""

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
    """No longer on disk. `elsewhere` are paths of the same content: a copy, then a deletion, is a move in two steps.
    `heir` is another form of the video in the same folder, as it is to be known from now on."""

    file: KnownFile
    elsewhere: tuple[str, ...] = ()
    heir: KnownFile | None = None


@dataclass(frozen=True, slots=True)
class CategoryRenamed:
    """The folder has another name; everything in it keeps its label's source."""

    old: str
    new: str


Change = Arrived | Copied | Moved | Replaced | Converted | Touched | Gone | CategoryRenamed


@dataclass(frozen=True, slots=True)
class LabelChange:
    """What one change teaches: `refused` is the category that the user took the content out of, `accepted` the one
    that the user put it into, `corrected` whether a move of ours was undone by hand."""

    fingerprint: str
    rejected: str | None = None
    accepted: str | None = None
    corrected: bool = False


def label_changes(change: Change) -> tuple[LabelChange, ...]:
    """What a change teaches about videos; mostly nothing, or one lesson.

    Leaving a category refuses it, be it for another category or back to the inbox ("not this one"); being put into
    one accepts it. Renaming inside a category, or renaming the category, says nothing.
    """
    match change:
        case Moved(before, after) if before.category != after.category:
            return (LabelChange(after.fingerprint, before.category, after.category, before.ours),)
        case Arrived(file) | Copied(file) if file.ours:  # it is back where we had put it
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
    """A copy elsewhere, then this one gone: a move in two steps."""
    if file.category is None or not elsewhere or file.category in map(category_of, elsewhere):
        return ()
    return (LabelChange(file.fingerprint, rejected=file.category, corrected=file.ours),)
