"""The videos that wait for a person, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sorterd.report.web.markup import Markup, table, tag
from sorterd.sorting.sorter import InboxDecision

SHOWN = 200


def undecided(waiting: Sequence[InboxDecision], unseen: int) -> Markup:
    """Least certain first, as `review` has them; `unseen` more have not been looked at yet."""
    note = f"{len(waiting)} wait for you: drag each into its folder, and it learns."
    if unseen:
        note += f" {unseen} more have not been looked at yet."
    rows = [
        (
            one.file.path,
            tag(
                "div",
                *(tag("div", f"{share:.0%} {folder}") for folder, share in one.prediction.top[:3]),
                class_="guess",
            ),
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
    """What could not be read or moved, what keeps it from working, and which folders need more videos."""
    said: list[Markup] = []
    if status.get("blocked"):
        said.append(tag("li", status["blocked"], class_="bad"))
    if status["running"] and not status["watcher"]["healthy"]:
        said.append(tag("li", status["watcher"]["reason"], class_="bad"))
    for error in status["errors"][:SHOWN]:
        text = f"{error['path']}: {error['reason']}" if error["path"] else error["reason"]
        said.append(tag("li", text))
    if len(status["errors"]) > SHOWN:
        said.append(tag("li", f"and {len(status['errors']) - SHOWN} more"))
    parts = [tag("ul", *said) if said else tag("p", "None.")]
    if status["missing"]:
        parts += [tag("h3", "Folders that need more videos"), tag("ul", *(tag("li", one) for one in status["missing"]))]
    return tag("section", tag("h2", "Problems"), *parts)
