"""Cut a transcript into pieces that fit the text tower, which silently cuts longer texts (77 tokens in CLIP)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

GAP = " […] "
"""Stands for parts of a long video that were not listened to."""


def chunks(text: str, count: Callable[[str], int], limit: int) -> list[str]:
    """Return a transcript in pieces of at most `limit` tokens and about equal length.

    The length is equal because each piece weighs the same in the mean of their vectors. `count` returns the tokens of
    one word. A text without spaces is split inside. An empty text has no pieces.
    """
    words = [piece for word in text.replace(GAP, " ").split() for piece in _fitting(word, count, limit)]
    sizes = [count(word) for word in words]
    if not any(sizes):
        return []
    goal = sum(sizes) / math.ceil(sum(sizes) / limit)
    pieces: list[list[str]] = [[]]
    filled = 0
    for word, size in zip(words, sizes, strict=True):
        if filled + size > limit or filled + size / 2 > goal:
            pieces.append([])
            filled = 0
        pieces[-1].append(word)
        filled += size
    return [" ".join(piece) for piece in pieces if piece]


def _fitting(word: str, count: Callable[[str], int], limit: int) -> Iterator[str]:
    """Yield the word, halved until each part fits: a Chinese or Japanese sentence comes as one 'word'."""
    if count(word) <= limit or len(word) == 1:
        yield word
        return
    middle = len(word) // 2
    yield from _fitting(word[:middle], count, limit)
    yield from _fitting(word[middle:], count, limit)
