"""When to train: what the model would be made from, and whether that differs from what it was made from. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lessons:
    """What can be learned from right now, as one value: labelled videos with features, refusals, folder names."""

    labelled: int
    signature: str


def lessons(
    labels: Mapping[str, str],
    refusals: Mapping[str, Collection[str]],
    extracted: Collection[str],
    categories: Collection[str],
    settings: str,
) -> Lessons:
    """What a training would learn from, in a form that differs whenever its outcome could."""
    ready = sorted((video, label) for video, label in labels.items() if video in extracted)
    refused = sorted((video, sorted(folders)) for video, folders in refusals.items() if video in extracted)
    text = json.dumps([ready, refused, sorted(categories), settings])
    return Lessons(len(ready), hashlib.blake2b(text.encode(), digest_size=16).hexdigest())


def training_due(
    now_known: Lessons,
    learned: Lessons | None,
    *,
    pending: int,
    changed_at: float,
    debounce: float,
) -> float | None:
    """When to train, or None for not at all; `learned` is what the model in use was made from.

    A burst of drags is waited out (`debounce` after the last change). While labelled videos still wait for
    extraction (`pending`), the first hours of a large library, a new model is worth it only when there is twice
    as much to learn from as for the last one.
    """
    if now_known.labelled == 0 or (learned is not None and learned.signature == now_known.signature):
        return None
    if pending and now_known.labelled < 2 * (learned.labelled if learned else 4) and pending > now_known.labelled // 20:
        return None
    return changed_at + debounce
