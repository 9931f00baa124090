"""Split hashtags into words: #MidCenturyModern, #recipe2024, #bakingbread. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# A change from small to capital letter, the end of several capital letters, and the border of digits.
_BORDER = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_ONE_LETTER = ("a", "i")
_YOUNGER = ("tiktok", "tok")  # than the vocabularies: #catsoftiktok, #booktok
_SHORTEST = 4  # letters: shorter tags are words or abbreviations
_LONGEST = 40  # letters of a tag that is split


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words, and how dear each is: the rarer, the dearer."""

    costs: Mapping[str, float] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def of(cls, pieces: Mapping[str, int]) -> Vocabulary:
        """Return the whole words of a word-piece vocabulary {piece: number}, which is ordered by frequency.

        A word's cost is the negative logarithm of its probability by Zipf's law.
        """
        whole = sorted((number, piece) for piece, number in pieces.items() if _is_word(piece))
        spread = math.log(max(2, len(whole)))
        costs = {piece: math.log((rank + 1) * spread) for rank, (_number, piece) in enumerate(whole)}
        costs |= dict.fromkeys(_YOUNGER, math.log((len(whole) + 1) * spread))
        return cls(costs, max(map(len, costs), default=0))


def _is_word(piece: str) -> bool:
    return piece.isascii() and piece.isalpha() and piece.islower() and (len(piece) > 1 or piece in _ONE_LETTER)


def split(tag: str, words: Vocabulary) -> str:
    """Return a tag, with or without #, as words in small letters, with one blank between them."""
    parts = [part for part in re.split(r"[\W_]+", tag) if part]
    bits = [bit.lower() for part in parts for bit in _BORDER.sub(" ", part).split()]
    return " ".join(_cheapest(bit, words) for bit in bits)


def _cheapest(letters: str, words: Vocabulary) -> str:
    """Return the letters split into the words that cost least in all, or unchanged if words do not cover them."""
    if letters in words.costs or not _SHORTEST <= len(letters) <= _LONGEST:
        return letters
    best: list[tuple[float, int]] = [
        (0.0, 0)
    ]  # for each length: the cost of that many letters, where the last word begins
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - words.longest), end)
        best.append(
            min((best[start][0] + words.costs.get(letters[start:end], math.inf), start) for start in starts)
            if starts
            else (math.inf, 0)
        )
    if math.isinf(best[-1][0]):
        return letters
    found: list[str] = []
    end = len(letters)
    while end:
        start = best[end][1]
        found.insert(0, letters[start:end])
        end = start
    return " ".join(found)
