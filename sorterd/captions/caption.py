"""A caption: what a video says about itself, before and after it is cleaned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

MARKS = ".!?…。！？؟۔।։။" + ",;:،؛、，；：-–—"
"""After these a sentence has ended, or goes on: no full stop is put there."""

CLOSING = "\"'’”»›)]}」』）】〉》"
"""What may stand between such a mark and the end."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A caption as it was found: not cleaned, of any length."""

    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    author: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """A cleaned caption. `author` is without @, `tags` are without #. All are empty if nothing tells anything.

    `complete` is False if a place where more may stand could not be read just now.
    """

    words: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    complete: bool = True

    @property
    def text(self) -> str:
        """What the text tower reads: "author: words. tag, tag". Empty if nothing tells anything."""
        told = as_sentences(self.words, ", ".join(self.tags))
        return f"{self.author}: {told}" if self.author and told else told

    @property
    def digest(self) -> str:
        """A name for the text, in hexadecimal digits, empty if there is no text."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else ""


def as_sentences(*parts: str) -> str:
    """Return the parts with a full stop between them, unless one ends in a mark of its own. Empty ones are left out."""
    joined = ""
    for part in filter(None, parts):
        marked = joined.rstrip().rstrip(CLOSING).endswith(tuple(MARKS))
        joined += (" " if marked else ". " if joined else "") + part
    return joined
