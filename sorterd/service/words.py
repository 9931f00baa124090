"""Write and read words in a systemd unit: quotes, escapes, specifiers (systemd.syntax(7), systemd.unit(5))."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+""", re.DOTALL)
_PART = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.)*)\1|\\(x[0-9A-Fa-f]{2}|[0-7]{3}|.)|[^"'\\]+""", re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|[0-7]{3}|.)", re.DOTALL)
_SPECIFIER = re.compile(r"%(.)", re.DOTALL)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}


def argument(word: str) -> str:
    """Return one word of a command line. `%` and `$` are doubled to stand for themselves."""
    return setting(word).replace("$", "$$")


def setting(word: str) -> str:
    """Return one word of any other setting, such as Environment=. Bytes that are not UTF-8 are written as escapes."""
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    safe = "".join(char if char.isprintable() else _escaped(char) for char in safe)
    return f'"{safe}"'


def _escaped(char: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(char))


def read(line: str, specifiers: Mapping[str, str]) -> list[str]:
    """Return the words of a command line, without quotes and escapes, and with `specifiers` ("h" for %h) replaced.

    Everything is replaced in one pass, so that `%%h` becomes the two characters `%h`. Unknown specifiers stay.
    """
    known = {"%": "%", **specifiers}
    unquoted = (_unquoted(found[0]) for found in _WORD.finditer(line))
    filled = (_SPECIFIER.sub(lambda found: known.get(found[1], found[0]), word) for word in unquoted)
    return [word.replace("$$", "$") for word in filled]


def _unquoted(word: str) -> str:
    def part(found: re.Match[str]) -> str:
        if found[1]:
            return _ESCAPE.sub(lambda escape: _char(escape[1]), found[2])
        return _char(found[3]) if found[3] else found[0]

    # Escapes stand for bytes; several of them may be one character.
    return os.fsdecode(os.fsencode(_PART.sub(part, word)))


def _char(code: str) -> str:
    if len(code) == 3:
        number = int(code[1:], 16) if code[0] == "x" else int(code, 8)
        return os.fsdecode(bytes([number])) if number < 256 else code
    return _LETTERS.get(code, code)
