"""Find out why a disk refuses a file name.

The disk itself is asked, by trying: what FAT, exFAT, NTFS, SMB servers and encrypted folders refuse depends on how they
are mounted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress

from sorterd.library.junk import OWN_PREFIX, OWN_SUFFIX
from sorterd.library.names import stem_and_extension

_WINDOWS = '"*:<>?|\\'
# learn.microsoft.com, "Naming Files, Paths, and Namespaces"; with any extension
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])( *\..*)?", re.IGNORECASE | re.DOTALL)


def takes(folder: int, name: str) -> bool:
    """Return whether a file of this name exists or can be made in an open folder."""
    try:
        make_name(folder, name)
    except FileExistsError:
        return True
    except OSError:
        return False
    return True


def make_name(folder: int, name: str) -> None:
    """Make an empty file of this name in an open folder and remove it again. Raise OSError as the system does."""
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder))
    try:
        os.unlink(name, dir_fd=folder)
    except OSError:  # try once more, or the empty file would look like a video
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)
        raise


def why_refused(folder: int, name: str) -> str | None:
    """Return what the disk of an open folder has against a name and what to do, or None if it is not the name.

    The text continues "the name ...": "has ':' and '?' in it, ...".
    """
    if takes(folder, name) or not takes(folder, f"{OWN_PREFIX}name{OWN_SUFFIX}"):
        return None
    length, limit = len(os.fsencode(name)), os.fstatvfs(folder).f_namemax
    if 0 < limit < length:
        return f"is {length} bytes long, {limit} are allowed there; give it a shorter one"
    if refused := [letter for letter in _suspects(name) if not takes(folder, f"{OWN_PREFIX}{letter}{OWN_SUFFIX}")]:
        return f"has {_listed(refused)} in it, which that disk refuses; rename it without"
    if not takes(folder, f"{OWN_PREFIX}{'n' * (len(name) - len(OWN_PREFIX + OWN_SUFFIX))}{OWN_SUFFIX}"):
        return f"is {len(name)} characters long, which is too much for that disk; give it a shorter one"
    if _RESERVED.fullmatch(name):
        return f"is reserved on that disk, as {stem_and_extension(name)[0]} is on Windows; give it another"
    if name[-1] in ". " or stem_and_extension(name)[0][-1] in ". ":
        return "ends with a dot or a blank, which that disk refuses; rename it without"
    if windows := [letter for letter in dict.fromkeys(name) if letter in _WINDOWS]:
        return f"has {_listed(windows)} in it, which that disk refuses; rename it without"
    return "is refused by that disk; give it a plainer one"


def _suspects(name: str) -> list[str]:
    """Return the characters of a name that some disk may refuse, each once."""
    return [one for one in dict.fromkeys(name) if not one.isascii() or not (one.isalnum() or one in " -_.")]


def _listed(letters: Sequence[str]) -> str:
    *first, last = map(_shown, letters)
    return f"{', '.join(first)} and {last}" if first else last


def _shown(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":
        return f"the byte {os.fsencode(letter)[0]:#04x} (not UTF-8)"
    if letter == "\n":
        return "a line break"
    return f"'{letter}'" if letter.isprintable() else f"the character U+{ord(letter):04X}"
