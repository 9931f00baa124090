"""The databases of myfaveTT: `window.NAME="BASE64"`, in which is gzip, in which is JSON."""

from __future__ import annotations

import base64
import binascii
import os
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from sorterd.captions.caption import Fields
from sorterd.captions.databases import LARGEST
from sorterd.captions.metadata import parsed
from sorterd.captions.sidecar import Unavailable, content
from sorterd.captions.source import FileSeen

_PACKED = re.compile(rb"=\s*[\"']([A-Za-z0-9+/=\s]+)[\"']")
_LONGEST_ID = 21  # digits
_AS_GZIP = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True)
class MyfaveTTExport:
    """What an export says of posts by their ids: their captions, and the names of their authors.

    `available` is False if its databases could not be read just now.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    authors: Mapping[str, str] = field(default_factory=dict)
    available: bool = True

    @classmethod
    def read(cls, databases: Sequence[FileSeen]) -> MyfaveTTExport:
        """Return what these files say. What is missing, damaged or too large says nothing.

        `db_texts.js` is {post: caption}, `db_videos.js` {post: {"authorId": author, …}}, and `db_authors.js`
        {author: {"uniqueIds": […], "nicknames": […], …}}. They are read one after the other, and only what counts is
        kept: each may hold far more.
        """
        try:
            return cls._read(databases)
        except Unavailable:
            return cls(available=False)

    @classmethod
    def _read(cls, databases: Sequence[FileSeen]) -> MyfaveTTExport:
        paths = {PurePath(seen.name).name: os.fsencode(seen.name) for seen in databases}
        texts = {post: text for post, text in _read(paths.get("db_texts.js")) if isinstance(text, str)}
        of_authors = _read(paths.get("db_authors.js")) if texts else ()
        names = {author: name for author, known in of_authors if (name := _name(known))}
        of_videos = _read(paths.get("db_videos.js")) if names else ()
        authors = ((post, _author(video)) for post, video in of_videos if post in texts)
        return cls(texts, {post: names[author] for post, author in authors if author in names})

    def fields(self, post: str) -> Fields:
        """Return what is known of a post by its id. Raise Unavailable."""
        if not self.available:
            raise Unavailable
        return Fields(description=self.texts.get(post, ""), author=self.authors.get(post, ""))


def _author(video: Any) -> str:
    return str(video.get("authorId")) if isinstance(video, dict) else ""


def _name(known: Any) -> str:
    """Return the present name of an author, the first of those that they have had."""
    lists = [known.get(key) for key in ("uniqueIds", "nicknames")] if isinstance(known, dict) else []
    return next((one[0] for one in lists if isinstance(one, list) and one and isinstance(one[0], str)), "")


def _read(path: bytes | None) -> Iterator[tuple[str, Any]]:
    """Yield what the database at a path says by id."""
    found = parsed(_plain(content(path, LARGEST))) if path is not None else None
    if isinstance(found, str):  # not packed, as older versions wrote it: JSON in a string of JavaScript
        found = parsed(found)
    if isinstance(found, dict):
        yield from ((id, value) for id, value in found.items() if value and len(id) <= _LONGEST_ID)


def _plain(data: bytes) -> str:
    packed = _PACKED.search(data)
    if packed is None:
        return data.partition(b"=")[2].strip(b" \t\r\n;").decode("utf-8", "replace")
    unpacking = zlib.decompressobj(_AS_GZIP)
    try:
        plain = unpacking.decompress(base64.b64decode(packed[1]), LARGEST)
    except (binascii.Error, zlib.error):
        return ""
    return plain.decode("utf-8", "replace") if unpacking.eof else ""  # otherwise too large, or cut off
