"""The first list: what waits in the inbox, those first whose label teaches most. Pure."""

from __future__ import annotations

from dataclasses import replace

from sorterd.changes import KnownFile
from sorterd.prediction import Prediction, margin
from sorterd.sorting.inbox_decisions import InboxDecision
from sorterd.web.cards import State, VideoCard, guesses, one_per_content
from sorterd.web.facts import PageFacts

NOT_JUDGED = "not judged yet"
NOTHING_LEARNED = "nothing is learned yet: sorterd begins with what you file"


def waiting(facts: PageFacts) -> list[VideoCard]:
    """Return first what the model is torn about, then what it has not judged, what could not be read, and at the end
    what the user has taken out of the folder that it is taken for.

    What will be moved by itself is only among them while nothing is moved.
    """
    judged = [_judged(one, facts) for one in [*facts.inbox.undecided, *facts.inbox.guessed]]
    # Each lesson has all of them judged again, which takes a while: until then the last word counts.
    again = [_judged_before(file, facts) for file in facts.inbox.unseen if file.fingerprint in facts.predictions]
    new = [
        VideoCard(
            file.fingerprint, file.path, None, "unseen", NOTHING_LEARNED if facts.trained_at is None else NOT_JUDGED
        )
        for file in facts.inbox.unseen
        if file.fingerprint not in facts.predictions
    ]
    sure = [_sure(one, facts) for one in facts.inbox.sure] if facts.not_moving is not None else []
    unreadable = [
        VideoCard(file.fingerprint, path, None, "unreadable", f"it could not be read: {facts.failures[path]}")
        for path, file in facts.files.items()
        if file.source is None and path in facts.failures
    ]
    known = sorted([*judged, *again], key=lambda card: (margin(card.guesses), card.path))
    left = [card for card in known if card.state == "left"]
    cards = [*(card for card in known if card.state != "left"), *new, *sure, *unreadable, *left]
    return _one_per_content(cards, [file for file in facts.files.values() if file.source is None])


def _judged(one: InboxDecision, facts: PageFacts) -> VideoCard:
    return _card(one.file, one.prediction, one.decision.reason, facts)


def _judged_before(file: KnownFile, facts: PageFacts) -> VideoCard:
    prediction = facts.predictions[file.fingerprint]
    return _card(file, prediction, prediction.reason, facts)


def _card(file: KnownFile, prediction: Prediction, why: str, facts: PageFacts) -> VideoCard:
    """A video is left where it is if the user has said no to its best guess. One whose move was undone waits."""
    said_no = prediction.folder in _rejected(file, facts) and file.fingerprint not in facts.held
    state: State = "left" if said_no else "undecided"
    return VideoCard(file.fingerprint, file.path, None, state, why, guesses(prediction, _offered(file, facts)))


def _sure(one: InboxDecision, facts: PageFacts) -> VideoCard:
    why = f"{one.decision.reason}, but {facts.not_moving}"
    return VideoCard(
        *(one.file.fingerprint, one.file.path, None, "sure", why), guesses(one.prediction, _offered(one.file, facts))
    )


def _rejected(file: KnownFile, facts: PageFacts) -> frozenset[str]:
    return facts.rejections.get(file.fingerprint, frozenset())


def _offered(file: KnownFile, facts: PageFacts) -> list[str]:
    rejected = _rejected(file, facts)
    return [folder for folder in facts.categories if folder not in rejected]


def _one_per_content(cards: list[VideoCard], inbox: list[KnownFile]) -> list[VideoCard]:
    copies = one_per_content(inbox)
    found: dict[str, VideoCard] = {}
    for card in cards:
        if card.id and card.id not in found:
            found[card.id] = replace(card, copies=len(copies.get(card.id, [card])))
    return list(found.values())
