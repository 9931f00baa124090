"""Whether what stands in the rows makes sense, and what of a row can be saved if it does not. Pure.

SQLite finds damage in its own structure; a bit that flips inside a value goes unnoticed by it. Each function takes a
row as it was read and returns it as it should be: the same if it is sound, mended where that can be done without
guessing, None if it is of no use.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Collection, Mapping
from types import UnionType
from typing import Any

Row = tuple[Any, ...]

NOWHERE = (0, 0, -1, 0)  # device, inode, size, mtime: like no file on disk, so that it is read anew
_FINGERPRINT = re.compile("[0-9a-f]{32}")
_STRAY = re.compile("[\udc80-\udcff]")
_SOURCES = ("user", "auto", "confirmed")
_STEPS = ("planned", "copied", "done", "failed")


def file_row(row: Row, folders: Collection[bytes], ours: Collection[str]) -> Row | None:
    """(path, fingerprint, category, source, device, inode, size, mtime_ns, labelled_at, fresh).

    `folders` are the known category names, `ours` the videos that we moved and nobody took back, for a label whose
    source cannot be read.
    """
    path, content, category, source, *id, labelled_at, fresh = row
    if not isinstance(path, bytes) or not path.strip(b"/") or b"\0" in path:
        return None
    top, slash, rest = path.partition(b"/")
    if slash and top != category and category in folders and top not in folders:
        path, top = category + slash + rest, category
    category = top if slash else None
    if not _fingerprint(content) or not _whole(*id):
        content, id = "", list(NOWHERE)
    if category is None:
        source = None
    elif source not in _SOURCES:
        source = "auto" if not content or content in ours else "user"
    return (path, content, category, source, *id, labelled_at if _number(labelled_at) else 0.0, int(fresh == 1))


def category_row(row: Row) -> Row | None:
    """(name, device, inode)."""
    name, *id = row
    return row if isinstance(name, bytes) and _whole(*id) else None


def refusal_row(row: Row) -> Row | None:
    """(fingerprint, category, at), also of what is departed."""
    content, category, *rest = row
    return row if _fingerprint(content) and isinstance(category, bytes) and _number(rest[-1]) else None


def departed_row(row: Row) -> Row | None:
    """(fingerprint, category, source, at)."""
    return row if row[2] in ("auto", "confirmed") and refusal_row(row) is not None else None


def vacated_row(row: Row) -> Row | None:
    """(path, fingerprint, source, at)."""
    path, content, source, at = row
    sound = isinstance(path, bytes) and _fingerprint(content) and source in (None, *_SOURCES)
    return row if sound and _number(at) else None


def hold_row(row: Row) -> Row | None:
    """(fingerprint, at)."""
    return row if _fingerprint(row[0]) and _number(row[1]) else None


def move_row(row: Row, latest: int) -> Row | None:
    """(id, kind, undoes, fingerprint, source, destination, sidecars, device, inode, size, mtime_ns, step, confidence,
    reason, at, undone, corrected). Only the `latest` can have been under way."""
    number, kind, undoes, content, source, target, sidecars, *id, step, confidence, reason, at, undone, corrected = row
    if not all(isinstance(path, bytes) for path in (source, target)) or not _fingerprint(content) or not _whole(*id):
        return None
    if kind not in ("sort", "undo", "follow"):
        kind = "sort" if b"/" in target else "undo"
    if step not in _STEPS:
        step = "planned" if number == latest else "done"
    return (
        *(number, kind, undoes if _whole(undoes) else None, content, source, target),
        *(sidecars if _pairs(_json(sidecars), str) else "[]", *id, step, confidence if _number(confidence) else None),
        *(_text(reason), at if _number(at) else 0.0, int(undone == 1), int(corrected == 1)),
    )


def features_row(row: Row) -> Row | None:
    """(fingerprint, space, vector, transcript, language, audio, at, sum)."""
    *extracted, at, check = row
    if not all(isinstance(part, str | bytes) for part in extracted):
        return None
    if not _number(at) or not _fingerprint(row[0]) or not isinstance(row[2], bytes):
        return None
    return row if check in (None, features_sum(*extracted)) else None


def features_sum(*extracted: str | bytes) -> int:
    """What the columns of extracted features add up to: vectors look the same with a bit flipped."""
    parts = (part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in extracted)
    return zlib.crc32(b"\0".join(parts))


def prediction_row(row: Row) -> Row | None:
    """(fingerprint, judge, folder, confidence, top, move, reason, at)."""
    content, judge, folder, confidence, top, move, reason, at = row
    sound = _fingerprint(content) and isinstance(folder, bytes) and _pairs(_json(top), float | int)
    texts = _text(judge) == judge and _text(reason) == reason
    return row if sound and texts and move in (0, 1) and _number(confidence) and _number(at) else None


def failure_row(row: Row) -> Row | None:
    """(fingerprint, reason, attempts, retry_at, failed)."""
    content, reason, attempts, retry_at, failed = row
    sound = _fingerprint(content) and _text(reason) == reason and _whole(attempts) and failed in (0, 1)
    return row if sound and _number(retry_at) else None


def unreadable_row(row: Row) -> Row | None:
    """(path, device, inode, size, mtime_ns, reason, attempts, retry_at)."""
    path, *id, reason, attempts, retry_at = row
    sound = isinstance(path, bytes) and _whole(*id, attempts) and _text(reason) == reason
    return row if sound and _number(retry_at) else None


def relocation_row(row: Row) -> Row | None:
    """(source, destination, fingerprint, at)."""
    source, destination, content, at = row
    sound = isinstance(source, bytes) and isinstance(destination, bytes) and _fingerprint(content) and _number(at)
    return row if sound else None


def unmoved_row(row: Row) -> Row | None:
    """(path, fingerprint, folder, reason, lasting, circumstances, at)."""
    path, content, folder, reason, lasting, circumstances, at = row
    texts = _text(reason) == reason and _text(circumstances) == circumstances
    sound = isinstance(path, bytes) and isinstance(folder, bytes) and _fingerprint(content) and texts
    return row if sound and lasting in (0, 1) and _number(at) else None


def note_row(row: Row) -> Row | None:
    """(key, value)."""
    key, text = row
    value = _json(text)
    return None if value is None or (key in _NOTES and not _NOTES[key](value)) else row


def _has(**kinds: type) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        return isinstance(value, dict) and all(isinstance(value.get(key), kind) for key, kind in kinds.items())

    return fits


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


def _two_numbers(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and _whole(*value)


_SPACE = _has(settings=str, id=str, models=str, device=str)
_NOTES: Mapping[str, Callable[[Any], bool]] = {
    "space": lambda value: _SPACE(value) and _two_numbers(value.get("widths")),
    "models": lambda value: value in ("clip", "embedded"),
    "model": _has(model_type=str, trained_at=str, feature_space=str, label_names=list),
    "learned": _has(labelled=int, signature=str),
    "learned_nothing": _is(str),
    "training": _is(str),
    "videos": _is(str),
    "spare": _is(int),
    "spare_of": _is(str),
    "lost": _has(at=float, reason=str),
    "root": _two_numbers,
    "mounts": _has(point=str, below=list),
    "in_hand": _is(list),
    "ends": _is(list),
    "sidecars_left": lambda value: _pairs(value, str),
    "forgotten_moves": _has(total=int, undone=int, corrected=int),
    "moving_pause": _has(cause=str, reason=str, since=float),
    "moving_resumed": _is(int),
    "strangers": _has(model=str, share=float),
    "decision_method": _is(int),
    "update_began": _is(float),
}


def _fingerprint(value: Any) -> bool:
    return isinstance(value, str) and _FINGERPRINT.fullmatch(value) is not None


def _whole(*values: Any) -> bool:
    return all(isinstance(value, int) for value in values)


def _number(value: Any) -> bool:
    return isinstance(value, float | int)


def _text(value: Any) -> str:
    """The text, if it is one. Bytes that are not UTF-8 were read as lone surrogates, which are never written."""
    return value if isinstance(value, str) and not _STRAY.search(value) else "(unreadable)"


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return None


def _pairs(value: Any, second: type | UnionType) -> bool:
    """Whether this is a list of [text, `second`] pairs."""
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], second)
        for pair in value
    )
