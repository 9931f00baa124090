"""What waits in the inbox for a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sorterd.changes import KnownFile
from sorterd.sorting.sorter import InboxDecision, decide_inbox
from sorterd.store.store import Store


@dataclass(frozen=True, slots=True)
class Undecided:
    """The inbox by what becomes of it.

    `undecided`: what stays, or could not be moved, those first whose label teaches most; `sure`: what would be moved;
    `unseen`: what the model in use has not judged yet. Videos that could not be read are in none of them.
    """

    undecided: list[InboxDecision]
    sure: list[InboxDecision]
    unseen: list[KnownFile]


def undecided(store: Store, predictor: str | None, *, never_into: Collection[str]) -> Undecided:
    """Sort the inbox by what the model and the user have said of each video."""
    judged = decide_inbox(store, predictor, never_into=never_into)
    done = {one.file.fingerprint for one in judged} | store.features.hopeless()
    unmoved = store.unmoved.all()
    stay = [one for one in judged if one.decision.action == "inbox"]
    moving = [one for one in judged if one.decision.action == "move"]
    stay += [
        replace(one, decision=replace(one.decision, reason=unmoved[one.file.path].reason))
        for one in moving
        if one.file.path in unmoved
    ]
    return Undecided(
        sorted(stay, key=_margin),
        [one for one in moving if one.file.path not in unmoved],
        [file for file in store.files.inbox() if file.fingerprint not in done],
    )


def _margin(one: InboxDecision) -> float:
    """How far the best guess is ahead of the next: where that is little, a label teaches most (margin sampling,
    Scheffer et al. 2001)."""
    shares = [share for _, share in one.prediction.top] + [0.0, 0.0]
    return shares[0] - shares[1]
