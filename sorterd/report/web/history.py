"""The section on moves: how many over time, and the last ones with the command that undoes each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sorterd.report.web.markup import Markup, joined, table, tag
from sorterd.store.journal import Entry

LAST = 50
WIDTH, HEIGHT, FOOT, LEFT = 360, 110, 16, 22  # of the chart, in SVG units
KINDS = {"kept": "--good", "corrected": "--warm", "undone": "--bad"}


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
        tallies[place]["undone" if move.undone else "corrected" if move.corrected else "kept"] += 1
    return [Period(first + timedelta(days=days * i), days, **tally) for i, tally in enumerate(tallies)]


def history(moves: Sequence[Entry], command: str, today: date) -> Markup:
    """Return the section. `moves` are all moves, newest first. `command` is how sorterd is called for this library."""
    if not moves:
        return tag("section", tag("h2", "Moves"), tag("p", "Nothing has been moved yet."))
    bars = periods(moves, today)
    unit = {1: "day", 7: "week", 30: "30 days"}.get(bars[0].days, f"{bars[0].days} days")
    names = {"kept": "kept", "corrected": "corrected by you", "undone": "undone"}
    keys = joined(tag("span", names[kind], class_="key", style=f"--colour:var({c})") for kind, c in KINDS.items())
    rows = [
        (
            f"{datetime.fromtimestamp(move.at):%Y-%m-%d %H:%M}",
            tag("div", f"{move.source} → {move.destination}", class_="what"),
            "" if move.confidence is None else f"{move.confidence:.0%}",
            tag("div", move.reason, class_="why"),
            _fate(move, command),
        )
        for move in moves[:LAST]
    ]
    left_out = f", the last {LAST} of {len(moves)}" if len(moves) > LAST else ""
    return tag(
        "section",
        tag("h2", "Moves"),
        tag("p", f"Per {unit}: ", keys, class_="soft"),
        _chart(bars),
        tag("h3", f"The last moves{left_out}"),
        table(("when", "what", "sure", "why", "to take it back"), rows),
    )


def _fate(move: Entry, command: str) -> Markup:
    if move.undone:
        return tag("span", "undone", class_="bad")
    if move.corrected:
        return tag("span", "corrected by you", class_="warm")
    return tag("div", tag("code", f"{command} undo {move.number}"), class_="undo")


def _chart(bars: Sequence[Period]) -> Markup:
    most = max(bar.total for bar in bars)
    step = (WIDTH - LEFT) / len(bars)
    width = min(step * 0.8, 24.0)
    floor = HEIGHT - FOOT
    parts: list[Markup] = [
        tag("line", x1=LEFT, x2=WIDTH, y1=floor, y2=floor),
        tag("line", x1=LEFT, x2=WIDTH, y1=10, y2=10, class_="dash"),
        tag("text", str(most), x=LEFT - 4, y=13, text_anchor="end"),
        tag("text", "0", x=LEFT - 4, y=floor, text_anchor="end"),
    ]
    for i, bar in enumerate(bars):
        top, left = float(floor), LEFT + i * step + (step - width) / 2
        title = f"{bar.first:%Y-%m-%d}: {bar.kept} kept, {bar.corrected} corrected, {bar.undone} undone"
        for kind in KINDS:
            height = getattr(bar, kind) / most * (floor - 10)
            if height:
                top -= height
                place = {"x": f"{left:.1f}", "y": f"{top:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}"}
                parts.append(tag("rect", tag("title", title), class_=kind, **place))
    for i, anchor in ((0, "start"), (len(bars) - 1, "end")):
        x = LEFT if i == 0 else WIDTH
        parts.append(tag("text", f"{bars[i].first:%d %b %Y}", x=x, y=HEIGHT - 4, text_anchor=anchor))
    total = sum(bar.total for bar in bars)
    label = f"{total} moves since {bars[0].first:%Y-%m-%d}"
    return tag("svg", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label)
