"""What is still missing before a folder is moved into. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sorterd.defaults import THRESHOLD
from sorterd.strangers import CALIBRATED_FROM
from sorterd.text import percent

# Below this accuracy hardly any video is as sure as the usual threshold asks for.
WEAK = 0.8


def cap(videos: int) -> float:
    """Return the highest confidence that a folder with so few videos may have.

    Laplace's rule of succession: after n videos that all belonged, the next does with (n + 1) / (n + 2).
    """
    return 1.0 if videos >= CALIBRATED_FROM else (videos + 1) / (videos + 2)


def videos_needed(threshold: float, min_per_category: int = 1) -> int:
    """Return the labelled videos that a folder needs before its confidence can reach `threshold`."""
    enough = CALIBRATED_FROM if threshold >= 1.0 else math.ceil((2 * threshold - 1) / (1 - threshold) - 1e-9)
    return max(1, min_per_category, min(CALIBRATED_FROM, enough))


def what_to_expect(accuracy: float | None) -> str | None:
    """Return one sentence if a model is so seldom right that little of what it says can be sure, else None.

    `accuracy` is its share of right ones among filed videos that it had not seen.
    """
    if accuracy is None or accuracy >= WEAK:
        return None
    return f"these models are right for {percent(accuracy)} of what you filed: expect suggestions rather than moves"


def what_is_missing(
    videos: Mapping[str, int], threshold: float = THRESHOLD, min_per_category: int = 1
) -> dict[str, str]:
    """Return one sentence per folder that is not yet moved into, e.g. "travel: 2 videos, 3 more and I will start to
    move".

    `videos` maps every folder, also empty ones, to its number of labelled videos. With a single folder the sentence
    asks for a second one: nothing can be told apart yet.
    """
    needed = videos_needed(threshold, min_per_category)
    missing = {}
    for folder, count in sorted(videos.items()):
        amount = "no videos" if count == 0 else "1 video" if count == 1 else f"{count} videos"
        if count < needed:
            missing[folder] = f"{folder}: {amount}, {needed - count} more and I will start to move"
        elif sum(number > 0 for number in videos.values()) < 2:
            missing[folder] = f"{folder}: {amount}, but a second folder with videos is needed to tell it from"
    return missing
