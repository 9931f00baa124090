"""Build the whole page from the facts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sorterd.report.web.history import history
from sorterd.report.web.library import overview
from sorterd.report.web.markup import Markup, tag
from sorterd.report.web.quality import no_quality, quality
from sorterd.report.web.style import STYLE
from sorterd.report.web.undecided import problems, undecided
from sorterd.sorting.sorter import InboxDecision
from sorterd.store.journal import Entry

if TYPE_CHECKING:  # importing it loads the classifier's libraries
    from sorterd.classifier.scorecard import Scorecard

BEGINNING = "<!doctype html>\n<!-- sorterd report -->\n"
"""The beginning of every report, by which an earlier one is recognised."""

# Names are escaped. Even if one were not, this policy keeps the browser from running scripts and loading anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page shows.

    `status` is the document of `sorterd status`. `moves` are all moves, newest first. `card` is None if there are no
    figures for the model, and `no_card` is why. `unseen` is how many videos have no prediction yet. `command` is how
    sorterd is called for this library.
    """

    status: Mapping[str, Any]
    moves: Sequence[Entry]
    card: Scorecard | None
    no_card: str
    threshold: float
    waiting: Sequence[InboxDecision]
    unseen: int
    command: str
    written: datetime


def page(facts: Facts) -> str:
    """Return one HTML document, encodable as UTF-8, that needs no other file."""
    judged = no_quality(facts.no_card) if facts.card is None else quality(facts.card, facts.threshold)
    body = tag(
        "body",
        tag("h1", "sorterd"),
        tag("p", facts.status["videos"], tag("br"), _state(facts), class_="soft"),
        overview(facts.status),
        problems(facts.status),
        undecided(facts.waiting, facts.unseen),
        history(facts.moves, facts.command, facts.written.date()),
        judged,
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", "sorterd report"),
        Markup(f"<style>{STYLE}</style>"),
    )
    return f"{BEGINNING}{tag('html', head, body, lang='en')}\n"


def _state(facts: Facts) -> str:
    status, model = facts.status, facts.status["model"]
    running = "the service runs" if status["running"] else "the service does not run"
    trained = f", learned {datetime.fromisoformat(model['trained_at']).astimezone():%Y-%m-%d %H:%M}" if model else ""
    kind = f"{status['models']} on {status['device']}"
    return f"{facts.written:%Y-%m-%d %H:%M}: {running}, {kind}{trained}"
