"""Find the videos in the inbox that wait for the user."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sorterd.changes import KnownFile
from sorterd.prediction import margin
from sorterd.sorting.inbox_decisions import InboxDecision, decide_inbox
from sorterd.store.store import Store


@dataclass(frozen=True, slots=True)
class Undecided:
    """The inbox in four parts.

    `undecided` are videos that stay or could not be moved. Those whose label would teach most come first. `sure` are
    videos that would be moved. `guessed` are videos of which there is only a first guess: they are not looked at yet.
    `unseen` are videos without a prediction yet. Videos that could not be read are in none.
    """

    undecided: list[InboxDecision]
    sure: list[InboxDecision]
    guessed: list[InboxDecision]
    unseen: list[KnownFile]


def undecided(
    store: Store, predictor: str | None, *, extracted: Collection[str], never_into: Collection[str]
) -> Undecided:
    """Return the inbox divided by the decision on each video. `extracted` are the contents that have features."""
    hopeless = store.features.hopeless()
    decided = decide_inbox(store, predictor, never_into=never_into)
    done = {one.file.fingerprint for one in decided} | hopeless
    decided = [one for one in decided if one.file.fingerprint not in hopeless]
    guessed = [one for one in decided if one.file.fingerprint not in extracted]
    decided = [one for one in decided if one.file.fingerprint in extracted]
    unmoved = store.unmoved.all()
    stay = [one for one in decided if one.decision.action == "inbox"]
    moving = [one for one in decided if one.decision.action == "move"]
    stay += [
        replace(one, decision=replace(one.decision, reason=unmoved[one.file.path].reason))
        for one in moving
        if one.file.path in unmoved
    ]
    return Undecided(
        sorted(stay, key=lambda one: margin(one.prediction.top)),
        [one for one in moving if one.file.path not in unmoved],
        sorted(guessed, key=lambda one: margin(one.prediction.top)),
        [file for file in store.files.inbox() if file.fingerprint not in done],
    )
