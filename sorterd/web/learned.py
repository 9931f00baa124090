"""What a training has changed since the page looked last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sorterd.sorting.training_effects import NO_CHANGE, Decisions, by_content, effect
from sorterd.web.facts import PageFacts


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided by one model."""

    trained_at: str | None
    decisions: Decisions


def judged(facts: PageFacts) -> Judged:
    """Return what is decided on the inbox now."""
    return Judged(facts.trained_at, by_content([*facts.inbox.undecided, *facts.inbox.guessed, *facts.inbox.sure]))


def is_complete(before: Judged, now: Judged, facts: PageFacts) -> bool:
    """Return whether the new model has predicted all that the last one had, as far as it still waits."""
    still = {file.fingerprint for file in facts.files.values() if file.source is None}
    return not (before.decisions.keys() & still) - now.decisions.keys()


def lesson(before: Judged, now: Judged, moved: Collection[str]) -> str:
    """Return one sentence on what differs, "" if nothing does. `moved` are the contents that were moved since."""
    text = str(effect(before.decisions, now.decisions, moved))
    return "" if text == NO_CHANGE else f"Learned: {text}."
