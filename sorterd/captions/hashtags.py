"""Split hashtags into words: #MidCenturyModern, #recipe2024, #bakingbread. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sorterd.captions.scripts import is_mark

# A change from small to capital letter, the end of several capital letters, and the border of digits.
_BORDER = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
# The short words that tags are split at. All other pieces of two letters are rather parts of words: "co ci na".
_SHORT = frozenset(
    ("a", "i", "ai", "am", "an", "at", "be", "by", "do", "go", "if", "in", "is", "it", "me", "my", "no", "of", "oh",
     "on", "or", "so", "to", "tv", "up", "us", "we")
)  # fmt: skip
# Words that tags are made of more often than books: #catsoftiktok, #homeworkout, #doglover.
_OF_TAGS = (
    *("asmr", "barista", "bts", "cosplay", "crossfit", "cupcake", "diy", "glam", "grwm", "hijab", "hustle"),
    *("instagram", "javascript", "lover", "lovers", "memes", "minecraft", "photoshop", "recipes", "reddit"),
    *("retriever", "skincare", "speedrun", "tiktok", "toddler", "tok", "tutorial", "tutorials", "unboxing"),
    *("vegan", "vlog", "workout", "workouts", "youtube"),
)
_RANK = 300  # of these among all words
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
        costs |= dict.fromkeys(_OF_TAGS, math.log(_RANK * spread))
        return cls(costs, max(map(len, costs), default=0))


def _is_word(piece: str) -> bool:
    return piece.isascii() and piece.isalpha() and piece.islower() and (len(piece) > 2 or piece in _SHORT)


def split(tag: str, words: Vocabulary) -> str:
    """Return a tag, with or without #, as words in small letters, with one blank between them."""
    parts = "".join(char if char.isalnum() or is_mark(char) else " " for char in tag).split()
    bits = [bit.lower() for part in parts for bit in _BORDER.sub(" ", part).split()]
    return " ".join(_cheapest(bit, words) for bit in bits)


def _cheapest(letters: str, words: Vocabulary) -> str:
    """Return the letters split into the words that cost least in all, or unchanged if words do not cover them."""
    if letters in words.costs or not _SHORTEST <= len(letters) <= _LONGEST:
        return letters
    best = [(0.0, 0)]  # for each length: the cost of that many letters, where the last word begins
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - words.longest), end - (end == len(letters)))  # the last word is no single letter
        costs = ((best[start][0] + words.costs.get(letters[start:end], math.inf), start) for start in starts)
        best.append(min(costs, default=(math.inf, 0)))
    if math.isinf(best[-1][0]):
        return letters
    found: list[str] = []
    end = len(letters)
    while end:
        start = best[end][1]
        found.insert(0, letters[start:end])
        end = start
    return " ".join(found)
