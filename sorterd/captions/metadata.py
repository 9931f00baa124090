"""The fields of metadata that a download program kept as JSON: yt-dlp, gallery-dl and their like. Pure.

Names of fields: yt-dlp (`description`, `title`, `tags`, `uploader_url`), gallery-dl for TikTok (`desc`, `user`,
`author.uniqueId`), Instagram (`description`, `username`) and Twitter (`content`, `author.name`, `hashtags`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from sorterd.captions.caption import Fields

_DESCRIPTION = ("description", "desc", "caption", "content", "selftext")
_TITLE = ("title", "fulltitle")
_TAGS = ("tags", "hashtags")
_ADDRESS = ("uploader_url", "webpage_url", "channel_url", "author_url", "post_url")
_AUTHOR = ("uploader", "user", "username", "author", "owner", "channel", "creator")
_NAME = ("uniqueId", "unique_id", "username", "name", "nickname", "nick", "title", "text")  # in an object of its own
_HANDLE = re.compile(r"/@([\w.]{2,30})(?![\w.-])")
_LONGEST_NAME = 60
_MOST_VALUES = 300_000  # objects and lists: 64 bytes each when they are read, and 2 in the file


def parsed(text: str) -> Any:
    """Return what JSON text says, or None if it is none, or nested deeper or made of more than metadata is."""
    if text.count("{") + text.count("[") > _MOST_VALUES:
        return None
    try:
        return json.loads(text, parse_int=_whole, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) < 25 else None  # an id; others may be gigantic


def _no_number(_digits: str) -> None:
    return None


def fields_of_metadata(found: Any) -> Fields:
    """Return the fields of an object, none if it is something else."""
    if not isinstance(found, dict):
        return Fields()
    return Fields(
        title=_first(found, _TITLE),
        description=_first(found, _DESCRIPTION),
        tags=tuple(tag for key in _TAGS for tag in _texts(found.get(key))),
        author=handle(_first(found, (key,)) for key in _ADDRESS) or _author(found),
    )


def handle(addresses: Iterable[str]) -> str:
    """Return the name behind the @ of the first address that has one."""
    return next((match[1] for address in addresses if (match := _HANDLE.search(address[:2000]))), "")


def _author(found: dict[str, Any]) -> str:
    names = (name for key in _AUTHOR for name in _texts([found.get(key)]))
    return next((name.lstrip("@") for name in names if len(name) <= _LONGEST_NAME), "")


def _first(found: dict[str, Any], keys: Iterable[str]) -> str:
    """Return the first of these that is a text and not empty."""
    return next((value for key in keys if isinstance(value := found.get(key), str) and value.strip()), "")


def _texts(values: Any) -> list[str]:
    """Return the texts in a list, in which objects may stand for their names."""
    if not isinstance(values, list):
        return []
    named = (_first(value, _NAME) if isinstance(value, dict) else value for value in values[:100])
    return [value for value in named if isinstance(value, str) and value.strip()]
