"""Say why a file is left alone although a user may expect it to be sorted. What is plainly no video needs no reason."""

from __future__ import annotations

import stat
from mimetypes import MimeTypes
from pathlib import Path

from sorterd.library.downloads import program_of_hidden, targets
from sorterd.library.junk import is_hidden, why_not_entered
from sorterd.library.kinds import extension, words
from sorterd.library.layout import LayoutRules
from sorterd.library.magic import HEAD_BYTES, is_apple_double, is_video
from sorterd.library.never_sidecars import is_something_else

SYMLINK = "symbolic link, which is not followed"
SPECIAL = "no plain file"

# Sound, pictures, subtitles and descriptions that Python's own table does not know.
_BESIDES = words(
    """
    ass avif cue description desktop edl exif flac funscript heic heif idx image ini jxl log lrc m3u m3u8 m4a m4b mka
    mks nfo oga ogg opus par2 sbv smi srt srv1 srv2 srv3 ssa sub sup thm ttml url vtt webloc webp wma xmp yaml yml
    """
)
_TYPES = MimeTypes().types_map  # Python's own table, not the system's: the same everywhere


def is_no_video(name: str) -> bool:
    """Return whether the extension is known to be of something else: a picture, sound, text, document or archive."""
    kind = extension(name)
    guess = next((table[f".{kind}"] for table in _TYPES if f".{kind}" in table), "video/")
    return kind in _BESIDES or is_something_else(kind) or not guess.startswith("video/")


def why_left_alone(root: Path, path: str, rules: LayoutRules) -> str | None:
    """Return why the file at a relative path is left alone, as a sentence, or None if it is not or does not exist."""
    *folders, name = path.split("/")
    for number, folder in enumerate(folders):
        if rules.ignored("/".join(folders[: number + 1])):
            return f"{folder} is in 'watch.ignore'"
        if (reason := why_not_entered(folder)) is not None:
            return f"{folder} is not looked into: {reason}"
    try:
        mode = (root / path).lstat().st_mode
        if rules.ignored(path):
            return "it is in 'watch.ignore'"
        if not stat.S_ISREG(mode):
            return SYMLINK if stat.S_ISLNK(mode) else SPECIAL
        if not rules.is_video(name):
            return why_not_a_video(name, rules) or "its extension is none of a video"
        if is_hidden(name):
            with (root / path).open("rb") as file:
                return why_hidden(file.read(HEAD_BYTES))
    except OSError:
        return None
    return None


def why_hidden(head: bytes) -> str | None:
    """Return why a hidden file with the name of a video is none, given its first bytes, or None if it is a video."""
    if is_apple_double(head):
        return "AppleDouble file, in which macOS keeps what a foreign disk has no place for"
    return None if is_video(head) else "hidden file (its name begins with a dot) that does not begin like a video"


def why_not_a_video(name: str, rules: LayoutRules) -> str | None:
    """Return why a file without the name of a video is left alone, or None if nobody would take it for a video."""
    if is_no_video(name):
        return None
    program = program_of_hidden(name)
    if program is not None:
        return f"hidden file of a program: {program}"
    if is_hidden(name):
        # .x.mp4.Xy12Zq (rsync), .x.mp4.~1a2b3c4d (Nextcloud), .x.mp4.icloud
        if rules.is_video(name[1:].rpartition(".")[0]):
            return "file that another program has not brought here yet"
        return "hidden file (its name begins with a dot)"
    if whole := targets(name):
        return None if all(is_no_video(target) for target in whole) else "download that is not finished"
    kind = extension(name)
    return f"kind that is not in 'watch.extensions' (.{kind})" if kind else "no extension"
