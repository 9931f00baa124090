"""The hours of the day in which the backlog is worked on. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

ALWAYS = "always"
DAY = 24 * 60
_TIME = r"([01]?[0-9]|2[0-3]|24(?=:00)):([0-5][0-9])"
_WINDOW = re.compile(rf"{_TIME} *[-\u2013] *{_TIME}")  # also with the dash that word processors make
SCHEMA_PATTERN = rf"^ *({_WINDOW.pattern}|[Aa]lways) *$"
"""What `parse` takes, as a regular expression of JSON schema."""


@dataclass(frozen=True, slots=True)
class WorkWindow:
    """From `begin` to `end`, in minutes after midnight, local time. Equal: always."""

    begin: int = 0
    end: int = 0

    @classmethod
    def parse(cls, text: str) -> WorkWindow:
        """Return the window in a text such as "22:00-07:00" or "always". Raise ValueError."""
        text = text.strip(" ")
        if text in (ALWAYS, ALWAYS.capitalize()):
            return cls()
        found = _WINDOW.fullmatch(text)
        if found is None:
            raise ValueError("not two times of day")
        hours = [int(part) for part in found.groups()]
        return cls((hours[0] * 60 + hours[1]) % DAY, (hours[2] * 60 + hours[3]) % DAY)

    def __str__(self) -> str:
        """As it is written in the config."""
        return ALWAYS if self.begin == self.end else f"{_written(self.begin)}-{_written(self.end)}"

    def opens_at(self, now: float, zone: tzinfo | None = None) -> float | None:
        """Return when the window opens next, None if it is open at `now`. `zone` is the system's unless given.

        On the day on which clocks are put forward or back, the clock on the wall counts.
        """
        local = datetime.fromtimestamp(now, zone)
        minute = local.hour * 60 + local.minute
        if (minute - self.begin) % DAY < (self.end - self.begin) % DAY or self.begin == self.end:
            return None
        opening = local.replace(hour=self.begin // 60, minute=self.begin % 60, second=0, microsecond=0)
        each = ((opening + timedelta(days=days)).replace(fold=fold) for days in (0, 1) for fold in (0, 1))
        return next(at for one in each if (at := one.timestamp()) > now)


def _written(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
