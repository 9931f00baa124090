"""Build the whole page from the facts. Pure, apart from reading posters through a function that is passed in."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sorterd.report.web import history, problems, quality
from sorterd.report.web.posters import Posters, ShownVideo
from sorterd.report.web.templates import plain, render
from sorterd.sorting.inbox_decisions import InboxDecision
from sorterd.store.journal import Entry

if TYPE_CHECKING:  # loads all that a classifier is made with
    from sorterd.classifier.scorecard import Scorecard

BEGINNING = "<!doctype html>\n<!-- sorterd report -->\n"
"""The beginning of every report, by which an earlier one is recognised."""

UNDECIDED = 200  # shown
GUESSES = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page shows.

    `status` is the document of `sorterd status`. `moves` are all moves, newest first. `card` is None if there are no
    figures for the model, and `no_card` is why. `unseen` is how many videos have no prediction yet. `command` is how
    sorterd is called for this library. `places` says where contents that were moved lie now. `poster` returns the
    poster of a content, b"" if there is none. `to_move` are videos that would be moved. `captions` are those
    of contents, none unless they are asked for.
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
    places: Mapping[str, str] = field(default_factory=dict)
    poster: Callable[[str], bytes] = lambda _: b""
    to_move: Sequence[InboxDecision] = ()
    captions: Mapping[str, str] = field(default_factory=dict)


def page(facts: Facts) -> str:
    """Return one HTML document, encodable as UTF-8, that needs no other file."""
    status, card = facts.status, facts.card
    posters = Posters(Path(status["videos"]), facts.poster, facts.captions)
    bars = history.periods(facts.moves, facts.written.date())
    script = plain("copy.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    body = render(
        "page.html",
        # Names are escaped. Even if one were not, this policy keeps the browser from running any script but ours, which
        # copies a command, and from loading anything.
        policy=f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
        style=plain("style.css"),
        script=script,
        status=status,
        state=_state(facts),
        blocking=problems.blocking(status),
        problems=problems.grouped(status["errors"]),
        shown=problems,
        undecided=_with_videos(facts.waiting, posters),
        to_move=_with_videos(facts.to_move, posters),
        to_move_count=len(facts.to_move),
        guesses=GUESSES,
        waiting=len(facts.waiting),
        unseen=facts.unseen,
        chart=history.chart(bars) if bars else None,
        history=history,
        datetime=datetime,
        moves=len(facts.moves),
        last_moves=[
            (posters.shown(move.fingerprint, facts.places.get(move.fingerprint, move.destination)), move)
            for move in facts.moves[: history.LAST]
        ],
        command=facts.command,
        card=card,
        no_card=facts.no_card,
        threshold=facts.threshold,
        matrix=quality.matrix(card) if card else [],
        confused=quality.confused(card) if card else [],
        diagram=quality,
    )
    return BEGINNING + body


def _with_videos(decisions: Sequence[InboxDecision], posters: Posters) -> list[tuple[ShownVideo, InboxDecision]]:
    return [(posters.shown(one.file.fingerprint, one.file.path), one) for one in decisions[:UNDECIDED]]


def _state(facts: Facts) -> str:
    status, model = facts.status, facts.status["model"]
    running = "the service runs" if status["running"] else "the service does not run"
    trained = f", learned {datetime.fromisoformat(model['trained_at']).astimezone():%Y-%m-%d %H:%M}" if model else ""
    kind = f"{status['models']} on {status['device']}"
    return f"{facts.written:%Y-%m-%d %H:%M}: {running}, {kind}{trained}"
