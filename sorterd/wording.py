"""Numbers and hints in sentences: "1 video", "12,000 videos", "about 3 hours"."""

from __future__ import annotations

import re

_HINT = re.compile(r"'sorterd (?P<rest>[a-z-][^']*)'")
_UNITS = (("day", 24 * 3600.0), ("hour", 3600.0), ("minute", 60.0))


def counted(number: int, what: str) -> str:
    """So many of `what`, which is given in the singular and takes an s: "video", "failed video"."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def lasting(seconds: float) -> str:
    """About how long that is, in the largest unit of which it is at least one and a half."""
    for unit, length in _UNITS:
        if seconds >= 1.5 * length:
            return f"about {counted(round(seconds / length), unit)}"
    return "about a minute" if seconds >= 45 else "less than a minute"


def paced(waiting: int, per_minute: float | None) -> str:
    """How fast it goes and how long so many videos take at that pace; nothing where no pace is known."""
    if not per_minute or not waiting:
        return ""
    rate = f"{per_minute:,.0f} per minute" if per_minute >= 10 else f"{per_minute:.1f} per minute"
    return f"{rate}, {lasting(60 * waiting / per_minute)} left"


def as_called(text: str, called: str) -> str:
    """The text with each hint that is written as 'sorterd COMMAND' as it is to be typed for this library."""
    if called == "sorterd":
        return text
    quote = "`" if "'" in called else "'"
    return _HINT.sub(lambda hint: f"{quote}{called} {hint['rest']}{quote}", text)
