"""The section on moves: how many over time, and the last ones with the command that undoes each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sorterd.store.journal import Entry

LAST = 50
WIDTH, HEIGHT, FOOT, LEFT, TOP = 360, 120, 18, 26, 8  # of the chart, in SVG units
KINDS = ("kept", "corrected", "undone")
MOST_TICKS = 4  # above zero


@dataclass(frozen=True, slots=True)
class Period:
    """The moves made in the `days` from `first` on."""

    first: date
    days: int
    kept: int = 0
    corrected: int = 0
    undone: int = 0

    @property
    def total(self) -> int:
        """The number of all moves."""
        return self.kept + self.corrected + self.undone


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of moves. `blocks` are their parts: kind, x, y, width, height, and the period that they belong to. `ticks`
    are (y, number), `dates` the first and the last period."""

    blocks: Sequence[tuple[str, float, float, float, float, Period]]
    ticks: Sequence[tuple[float, int]]
    dates: tuple[date, date]
    unit: str
    total: int


def periods(moves: Sequence[Entry], today: date) -> list[Period]:
    """Return the moves counted by day up to today, or by longer periods if there were more than 40 bars."""
    if not moves:
        return []
    dates = [datetime.fromtimestamp(move.at).date() for move in moves]
    first = min(*dates, today - timedelta(days=13))
    span = max((today - first).days + 1, 1)
    days = next((days for days in (1, 7, 30) if span / days <= 40), -(-span // 40))
    count = -(-span // days)
    tallies = [dict.fromkeys(KINDS, 0) for _ in range(count)]
    for when, move in zip(dates, moves, strict=True):
        place = min((when - first).days // days, count - 1)  # a wrong clock may have dated a move to tomorrow
        tallies[place][fate(move)] += 1
    return [Period(first + timedelta(days=days * i), days, **tally) for i, tally in enumerate(tallies)]


def chart(bars: Sequence[Period]) -> Chart:
    """Return the chart of at least one period."""
    marks = ticks(max(bar.total for bar in bars))
    floor = HEIGHT - FOOT
    scale = (floor - TOP) / marks[-1]
    step = (WIDTH - LEFT) / len(bars)
    width = min(step * 0.8, 24.0)
    blocks = []
    for i, bar in enumerate(bars):
        top = float(floor)
        for kind in KINDS:
            height = getattr(bar, kind) * scale
            if height:
                top -= height
                blocks.append((kind, LEFT + i * step + (step - width) / 2, top, width, height, bar))
    unit = {1: "day", 7: "week", 30: "30 days"}.get(bars[0].days, f"{bars[0].days} days")
    total = sum(bar.total for bar in bars)
    return Chart(blocks, [(floor - n * scale, n) for n in marks], (bars[0].first, bars[-1].first), unit, total)


def ticks(most: int) -> list[int]:
    """Return round numbers from 0 to at least `most`: multiples of 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            intervals = -(-max(most, 1) // step)
            if intervals <= MOST_TICKS:
                return [step * i for i in range(intervals + 1)]
        power *= 10


def fate(move: Entry) -> str:
    """Return what became of a move: one of KINDS."""
    return "undone" if move.undone else "corrected" if move.corrected else "kept"
