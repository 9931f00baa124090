"""Words in a systemd unit, written and read: quotes, escapes, specifiers (systemd.syntax(7), systemd.unit(5))."""

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
    """One word of a command line. `%` and `$` stand for themselves when doubled."""
    return setting(word).replace("$", "$$")


def setting(word: str) -> str:
    """One word of any other setting, such as Environment=. Bytes that are not UTF-8 are written as escapes."""
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    safe = "".join(char if char.isprintable() else _escaped(char) for char in safe)
    return f'"{safe}"'


def _escaped(char: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(char))


def read(line: str, specifiers: Mapping[str, str]) -> list[str]:
    """The words of a command line, with quotes and escapes taken off and `specifiers` ("h" for %h) put in.

    Everything is replaced in one pass, so that `%%h` is the two characters `%h`. A specifier that is not known stays.
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

    # Escapes stand for bytes, several of which may be one character.
    return os.fsdecode(os.fsencode(_PART.sub(part, word)))


def _char(code: str) -> str:
    if len(code) == 3:
        number = int(code[1:], 16) if code[0] == "x" else int(code, 8)
        return os.fsdecode(bytes([number])) if number < 256 else code
    return _LETTERS.get(code, code)
