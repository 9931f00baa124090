"""A transcript -> pieces that fit the text tower, which cuts longer texts without a word (77 tokens in CLIP)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

GAP = " […] "
"""Stands where parts of a long video were not listened to."""


def chunks(text: str, count: Callable[[str], int], limit: int) -> list[str]:
    """Given a transcript, return it in pieces of at most `limit` tokens, all about equally long.

    Equally, because each piece weighs the same in the mean of their vectors. `count` gives the tokens of one word; a
    text without spaces is split inside. An empty text gives no piece.
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
    """The word, halved until each part fits: Chinese and Japanese sentences come as one 'word'."""
    if count(word) <= limit or len(word) == 1:
        yield word
        return
    middle = len(word) // 2
    yield from _fitting(word[:middle], count, limit)
    yield from _fitting(word[middle:], count, limit)
