"""Which letter files into which folder. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase

RESERVED = frozenset("nzmp")
"""Letters that do something else: none of these, undo, sound, put back."""


def folder_keys(sizes: Mapping[str, int], before: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a letter for each folder, as far as there are enough: {folder: letter}.

    It is the first letter of the name that is free, so that "cats" is c. The larger folder chooses first. Who has
    learned a letter finds it again: a folder keeps the one that it had in `before`.
    """
    keys = {folder: letter for folder, letter in (before or {}).items() if folder in sizes}
    free = [letter for letter in ascii_lowercase if letter not in RESERVED and letter not in keys.values()]
    for folder in sorted(sizes, key=lambda name: (-sizes[name], name)):
        if folder not in keys and free:
            keys[folder] = next((letter for letter in folder.lower() if letter in free), free[0])
            free.remove(keys[folder])
    return keys
