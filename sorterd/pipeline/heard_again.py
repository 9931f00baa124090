"""Hear again, once, the videos whose stored transcript is none by the rules of this version.

A new feature space would extract the whole library again for the few videos that the rules change.
"""

from __future__ import annotations

from sorterd.features.hallucination import is_periodic
from sorterd.store.settings import HEARD_BY
from sorterd.store.store import Store

RULES = 1
"""Raise it when `is_periodic` recognises more."""


def drop_made_up(store: Store, space: str) -> int:
    """Drop the features whose transcript only repeats itself, so that they are extracted again. Return how many.

    What Whisper thought of the words is not stored, so improbable ones are not found.
    """
    if store.notes.get(HEARD_BY) == RULES:
        return 0
    made_up = [video for video, words in store.features.spoken(space) if is_periodic(words)]
    for video in made_up:
        store.features.drop(video, space)
    store.notes.put(HEARD_BY, RULES)
    return len(made_up)
