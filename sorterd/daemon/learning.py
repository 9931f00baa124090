"""When to train: what the model would be made from, and whether that differs from what it was made from. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

ENOUGH = 20  # videos of one folder: from there on, more of them change a model little


@dataclass(frozen=True, slots=True)
class Lessons:
    """What can be learned from right now: how many labelled videos have features, and a hash of all that counts.

    `enough`: every folder has had ENOUGH of its videos extracted, or all. A model that does not know a folder yet would
    put its videos into the others, and be sure of it.
    """

    labelled: int
    signature: str
    enough: bool = True


def lessons(
    labels: Mapping[str, str],
    refusals: Mapping[str, Collection[str]],
    extracted: Collection[str],
    categories: Collection[str],
    settings: str,
    hopeless: Collection[str] = (),
) -> Lessons:
    """What a training would learn from, in a form that differs whenever its outcome could.

    `hopeless` are videos whose extraction has failed: nobody waits for them.
    """
    ready = sorted((video, label) for video, label in labels.items() if video in extracted)
    refused = sorted((video, sorted(folders)) for video, folders in refusals.items() if video in extracted)
    text = json.dumps([ready, refused, sorted(categories), settings])
    known = Counter(label for _, label in ready)
    awaited = Counter(label for video, label in labels.items() if video not in hopeless or video in extracted)
    enough = all(known[label] >= min(ENOUGH, count) for label, count in awaited.items())
    return Lessons(len(ready), hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), enough)


def training_due(
    now_known: Lessons,
    learned: Lessons | None,
    *,
    pending: int,
    changed_at: float,
    debounce: float,
) -> float | None:
    """When to train, or None for not at all; `learned` is what the model in use was made from.

    A burst of drags is waited out (`debounce` after the last change), and until enough of each folder is extracted
    there is no training. While more labelled videos wait for extraction (`pending`), the first hours of a large
    library, a new model is worth it only when there is twice as much to learn from as for the last one.
    """
    if now_known.labelled == 0 or not now_known.enough:
        return None
    if learned is not None and learned.signature == now_known.signature:
        return None
    if learned is not None and pending > now_known.labelled // 20 and now_known.labelled < 2 * learned.labelled:
        return None
    return changed_at + debounce
