"""The databases of myfaveTT: `window.NAME="BASE64"`, in which is gzip, in which is JSON."""

from __future__ import annotations

import base64
import binascii
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from sorterd.captions.caption import Fields
from sorterd.captions.metadata import parsed
from sorterd.captions.sidecar import content
from sorterd.captions.source import FileSeen

LARGEST = 8 << 20
"""Bytes of a database, packed as well as plain; a larger one is not read."""

_PACKED = re.compile(rb"=\s*[\"']([A-Za-z0-9+/=]+)[\"']")
_AS_GZIP = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True)
class Export:
    """{post: caption}, {post: {"authorId": author, …}} and {author: {"uniqueIds": […], "nicknames": […]}}."""

    texts: Mapping[str, Any] = field(default_factory=dict)
    videos: Mapping[str, Any] = field(default_factory=dict)
    authors: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, databases: Sequence[FileSeen]) -> Export:
        """Return what these files say. What is missing, damaged or too large says nothing."""
        found = {PurePath(seen.name).name: _read(os.fsencode(seen.name)) for seen in databases}
        return cls(*(found.get(name, {}) for name in ("db_texts.js", "db_videos.js", "db_authors.js")))

    def fields(self, post: str) -> Fields:
        """Return what is known of a post by its id."""
        video = self.videos.get(post)
        author = self.authors.get(str(video.get("authorId"))) if isinstance(video, dict) else None
        names = [_last(author.get(key)) for key in ("uniqueIds", "nicknames")] if isinstance(author, dict) else []
        return Fields(description=_last(self.texts.get(post)), author=next(filter(None, names), ""))


def _last(value: Any) -> str:
    """Return a text, or the last one of a list: names that an author has had."""
    if isinstance(value, list):
        value = value[-1] if value else ""
    return value if isinstance(value, str) else ""


def _read(path: bytes) -> dict[str, Any]:
    packed = _PACKED.search(content(path, LARGEST))
    if packed is None:
        return {}
    unpacking = zlib.decompressobj(_AS_GZIP)
    try:
        plain = unpacking.decompress(base64.b64decode(packed[1]), LARGEST)
    except (binascii.Error, zlib.error):
        return {}
    found = parsed(plain.decode("utf-8", "replace")) if unpacking.eof else None  # otherwise too large, or cut off
    return found if isinstance(found, dict) else {}
