"""Join several rankings to one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

RANKS = 5.0
"""How little the first place counts more than the next. Reciprocal rank fusion (Cormack, Clarke & Büttcher, SIGIR 2009)
takes 60, for rankings that should agree. Here a video may have only one of picture, speech and caption that tells."""

LONGEST = 20
"""Places of a ranking that count."""


def fused(rankings: Mapping[str, Sequence[str]], first: Sequence[str] = ()) -> list[tuple[str, tuple[str, ...]]]:
    """Return the videos of all rankings, the best first, each with the names of the rankings that have it.

    Reciprocal rank fusion: the sum over rankings of 1 / (5 + place). Those in `first` come before all others, in their
    order.
    """
    scores: dict[str, float] = dict.fromkeys(first, 0.0)
    why: dict[str, list[str]] = {video: [] for video in first}
    for name, ranking in rankings.items():
        for place, video in enumerate(ranking[:LONGEST]):
            scores[video] = scores.get(video, 0.0) + 1.0 / (RANKS + place)
            why.setdefault(video, []).append(name)
    order = {video: place for place, video in enumerate(first)}
    ranked = sorted(scores, key=lambda video: (order.get(video, len(order)), -scores[video], video))
    return [(video, tuple(why[video])) for video in ranked]
