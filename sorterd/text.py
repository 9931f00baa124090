"""Text for people: names made printable, counts, shares, durations and pace."""

from __future__ import annotations

import os
import re
import shlex
import time

# Unsafe: control characters (C0, DEL, C1: newlines and everything that starts a terminal escape), line and paragraph
# separators, the marks that reorder or hide what follows on the line ("Trojan Source", CVE-2021-42574), invisible
# tag characters, non-characters, and lone surrogates, which is what os.fsdecode makes of bytes that are not UTF-8.
# Zero-width joiners stay: emoji and several scripts are written with them.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: str) -> str:
    r"""Return `text` on one line. Characters that could move the cursor, or reorder or hide text, become escapes.

    `"a\nb\x1b[2J.mp4"` becomes `a\nb\x1b[2J.mp4` with visible backslashes. A byte of a file name that is not UTF-8 is
    shown as that byte (`\xff`). The result can always be encoded as UTF-8. It cannot be turned back, because
    backslashes of the original stay as they are.
    """
    return _UNSAFE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: the undecodable byte is in the low eight bits
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


_HINT = re.compile(r"'sorterd (?P<rest>[a-z-][^']*)'")
_UNITS = (("day", 24 * 3600.0), ("hour", 3600.0), ("minute", 60.0))


def encodable(text: str) -> str:
    """Return `text` with a question mark for each lone surrogate, which no tokenizer takes: see `printable`."""
    return text.encode(errors="replace").decode()


def counted(number: int, what: str) -> str:
    """Return a number with a noun. `what` is in the singular and gets an s: "video", "failed video"."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def percent(share: float) -> str:
    """Return a share from 0 to 1 as a percentage."""
    return f"{share:.0%}"


def lasting(seconds: float) -> str:
    """Return an approximate duration, in the largest unit of which it is at least one and a half."""
    for unit, length in _UNITS:
        if seconds >= 1.5 * length:
            return f"about {counted(round(seconds / length), unit)}"
    return "about a minute" if seconds >= 45 else "less than a minute"


def moment(at: float) -> str:
    """Return a time (seconds since the epoch) as this computer's clock shows it, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def paced(waiting: int, per_minute: float | None) -> str:
    """Return the pace and how long so many videos take at it, "" if no pace is known."""
    if not per_minute or not waiting:
        return ""
    rate = f"{per_minute:,.0f} per minute" if per_minute >= 10 else f"{per_minute:.1f} per minute"
    return f"{rate}, {lasting(60 * waiting / per_minute)} left"


def as_called(text: str, called: str) -> str:
    """Return the text with each hint 'sorterd COMMAND' replaced by the command to type for this library."""
    if called == "sorterd":
        return text
    quote = "`" if "'" in called else "'"
    return _HINT.sub(lambda hint: f"{quote}{called} {hint['rest']}{quote}", text)


def shell_word(text: str) -> str:
    """Return a text as a shell reads it again, printable whatever is in it: $'...' for what is not."""
    if printable(text) == text:
        return shlex.quote(text)
    parts = (
        chr(byte) if 32 <= byte < 127 and chr(byte) not in "\\'" else f"\\x{byte:02x}" for byte in os.fsencode(text)
    )
    return f"$'{''.join(parts)}'"
