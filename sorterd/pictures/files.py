"""The files in `<state>/pictures/`: one poster and one strip per content, whole or not there.

They can be drawn again, so nothing here waits for the disk. What a power cut left of one is found by its size.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = "pictures"
_FINGERPRINT = re.compile("[0-9a-f]{32}")
_UNFINISHED = ".unfinished"
_POSTER, _STRIP = ".webp", ".strip.webp"


@dataclass(frozen=True, slots=True)
class Found:
    """What sorterd has written into the folder: the bytes of each content's pictures, and files that it never finished.

    Other files are not ours: the folder may be a link to one of the user's.
    """

    contents: dict[str, int]
    unfinished: list[Path]


def poster_path(state_dir: Path, fingerprint: str) -> Path:
    """Return where the poster of a content lies, if it has one. Raise ValueError if that is no fingerprint."""
    return _path(state_dir, fingerprint, _POSTER)


def strip_path(state_dir: Path, fingerprint: str) -> Path:
    """Return where the strip of a content lies, if it has one. Raise ValueError if that is no fingerprint."""
    return _path(state_dir, fingerprint, _STRIP)


def save(state_dir: Path, fingerprint: str, poster: bytes, strip: bytes) -> int:
    """Write both, each whole or not at all. Return how many bytes that are. Raise OSError."""
    for path, data in ((strip_path(state_dir, fingerprint), strip), (poster_path(state_dir, fingerprint), poster)):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + _UNFINISHED)
        unfinished.unlink(missing_ok=True)  # left by a killed writer, or a link to somewhere else
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(data)
        unfinished.replace(path)
    return len(poster) + len(strip)


def forget(state_dir: Path, fingerprint: str) -> None:
    """Remove the pictures of a content, as far as there are any. Raise OSError."""
    for path in (poster_path(state_dir, fingerprint), strip_path(state_dir, fingerprint)):
        path.unlink(missing_ok=True)


def find(state_dir: Path) -> Found:
    """Return what lies in the folder now. Raise OSError."""
    contents: dict[str, int] = {}
    unfinished: list[Path] = []
    for path in own_files(state_dir):
        if path.name.endswith(_UNFINISHED):
            unfinished.append(path)
        else:
            fingerprint = path.name.partition(".")[0]
            contents[fingerprint] = contents.get(fingerprint, 0) + path.lstat().st_size
    return Found(contents, unfinished)


def own_files(state_dir: Path) -> Iterator[Path]:
    """Yield every file in the folder that sorterd has written, finished or not. Raise OSError."""
    for path in _files(state_dir / FOLDER):
        fingerprint, dot, ending = path.name.partition(".")
        if _FINGERPRINT.fullmatch(fingerprint) and (dot + ending).removesuffix(_UNFINISHED) in (_POSTER, _STRIP):
            yield path


def _path(state_dir: Path, fingerprint: str, ending: str) -> Path:
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise ValueError(f"{fingerprint!r} is no fingerprint")
    return state_dir / FOLDER / fingerprint[:2] / f"{fingerprint}{ending}"


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for group in sorted(folder.iterdir()):
        if group.is_dir() and not group.is_symlink():
            yield from (path for path in group.iterdir() if not path.is_dir())
