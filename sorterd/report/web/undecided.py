"""The sections on undecided videos and on problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sorterd.report.web.markup import Markup, table, tag
from sorterd.sorting.sorter import InboxDecision

SHOWN = 200


def undecided(waiting: Sequence[InboxDecision], unseen: int) -> Markup:
    """Return the section on undecided videos, least certain first. `unseen` is how many have no prediction yet."""
    note = f"{len(waiting)} wait for you: drag each into its folder, and it learns."
    if unseen:
        note += f" {unseen} more have not been looked at yet."
    rows = [
        (
            one.file.path,
            _guesses(one),
            tag("div", one.decision.reason, class_="why"),
        )
        for one in waiting[:SHOWN]
    ]
    listed = [table(("video", "best guesses", "why it waits"), rows)] if rows else []
    return tag("section", tag("h2", "Undecided"), tag("p", note), *listed)


def _guesses(one: InboxDecision) -> Markup:
    lines = (tag("div", f"{share:.0%} {folder}") for folder, share in one.prediction.top[:3])
    return tag("div", *lines, class_="guess")


def problems(status: Mapping[str, Any]) -> Markup:
    """Return the section on faults, on what blocks the service, and on folders that need more videos."""
    items: list[Markup] = []
    if status.get("blocked"):
        items.append(tag("li", status["blocked"], class_="bad"))
    if status["running"] and not status["watcher"]["healthy"]:
        items.append(tag("li", status["watcher"]["reason"], class_="bad"))
    for error in status["errors"][:SHOWN]:
        text = f"{error['path']}: {error['reason']}" if error["path"] else error["reason"]
        items.append(tag("li", text))
    if len(status["errors"]) > SHOWN:
        items.append(tag("li", f"and {len(status['errors']) - SHOWN} more"))
    parts = [tag("ul", *items) if items else tag("p", "None.")]
    if status["missing"]:
        parts += [tag("h3", "Folders that need more videos"), tag("ul", *(tag("li", one) for one in status["missing"]))]
    return tag("section", tag("h2", "Problems"), *parts)
