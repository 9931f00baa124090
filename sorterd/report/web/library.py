"""The section on the library: how many videos are in each folder, and who put them there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sorterd.report.web.markup import Markup, joined, table, tag

COLOURS = {"user": "var(--good)", "confirmed": "var(--mild)", "auto": "var(--warm)"}


def overview(status: Mapping[str, Any]) -> Markup:
    """Return the section: a few numbers, and one row per category."""
    categories: Mapping[str, Mapping[str, int]] = status["categories"]
    moves = status["moves"]
    numbers = [
        (sum(sum(counts.values()) for counts in categories.values()), "videos in folders"),
        (len(categories), "folders"),
        (status["inbox"], "in the inbox"),
        (moves["total"], "moves made"),
        (moves["corrected"], "corrected by you"),
        (moves["undone"], "undone"),
    ]
    facts = tag("ul", *(tag("li", tag("b", str(number)), word) for number, word in numbers), class_="facts")
    return tag("section", tag("h2", "Library"), facts, _categories(categories))


def _categories(categories: Mapping[str, Mapping[str, int]]) -> Markup:
    if not categories:
        return tag("p", "There are no folders yet: make a few, and put three or more videos into each.")
    most = max(sum(counts.values()) for counts in categories.values()) or 1
    rows = [
        (name, _bar(counts, most), *(str(counts[source]) for source in COLOURS)) for name, counts in categories.items()
    ]
    head = ("folder", "", *(_key(source) for source in COLOURS))
    return table(head, rows, numbers=len(COLOURS))


def _bar(counts: Mapping[str, int], most: int) -> Markup:
    parts = joined(
        tag("span", style=f"width:{100 * counts[source] / most:.1f}%;--colour:{colour}")
        for source, colour in COLOURS.items()
        if counts[source]
    )
    return tag("div", parts, class_="bar")


def _key(source: str) -> Markup:
    words = {"user": "filed by you", "confirmed": "confirmed", "auto": "moved by sorterd"}
    return tag("span", words[source], class_="key", style=f"--colour:{COLOURS[source]}")
