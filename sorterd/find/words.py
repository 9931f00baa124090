"""Search for exact words. Pure.

All texts of a library are read at each search: in 20,000 videos that takes a tenth of a second, and an index of words
would be one more thing that can be wrong after a crash.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

_WORD = re.compile(r"\w+")
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""A letter of a script that is written without blanks between its words."""
_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25 (Robertson & Zaragoza 2009)


@dataclass(frozen=True, slots=True)
class Match:
    """A video whose texts have words of the search that tell most of it: rare words tell more.

    `whole`: they have all of the words.
    """

    fingerprint: str
    whole: bool
    score: float


def plain(text: str) -> str:
    """Return the text without marks on its letters, in small letters."""
    if text.isascii():
        return text.lower()
    return _marks().sub("", unicodedata.normalize("NFKD", text)).casefold()


@cache
def _marks() -> re.Pattern[str]:
    """Return the pattern of a mark. A loop over the characters of a library would take several times as long."""
    return re.compile(f"[{''.join(char for char in map(chr, range(0x300, 0x20000)) if unicodedata.combining(char))}]")


def search_words(search: str, texts: Iterable[tuple[str, str]]) -> list[Match]:
    """Return the videos in whose text most of the search occurs, the best first: those with all words before others.

    `texts` are pairs of video and text. The words need not stand together. Texts with the words in the order of the
    search come first. Any text may be searched for: nothing in it is a command.
    """
    words = _WORD.findall(plain(search))
    wanted = dict.fromkeys(words, 0)  # in how many texts each occurs, be it as a part of another word
    candidates: list[tuple[str, str, list[str]]] = []
    total = 0
    for video, text in texts:
        total += 1
        text = plain(text)
        there = [word for word in wanted if word in text]
        if there:  # most of a library ends here
            candidates.append((video, text, there))
            for word in there:
                wanted[word] += 1
    rarity = {word: math.log(1 + total / (1 + count)) for word, count in wanted.items()}
    most = sum(rarity.values()) / 2
    patterns = {word: _pattern(word) for word in wanted}
    phrase = re.compile(r"(?<!\w)" + r"\W+".join(map(re.escape, words)) + r"(?!\w)")
    found = []
    for video, text, there in candidates:
        if sum(rarity[word] for word in there) < most:  # and here those in which only common words of it occur
            continue
        hits = {word: count for word in there if (count := len(patterns[word].findall(text)))}
        if hits and sum(rarity[word] for word in hits) >= most:
            together = len(hits) == len(wanted) and phrase.search(text) is not None
            found.append((video, hits, len(text), together))
    return _ranked(found, rarity)


def _pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a whole word, or of any place of it in a script that is written without blanks."""
    return re.compile(re.escape(word) if UNSPACED.search(word) else rf"(?<!\w){re.escape(word)}(?!\w)")


def _ranked(found: list[tuple[str, dict[str, int], int, bool]], rarity: Mapping[str, float]) -> list[Match]:
    """Rank (video, how often each word occurs, length of the text, whether the words stand together)."""
    usual = max(1.0, sum(length for _, _, length, _ in found) / max(1, len(found)))
    matches = [
        (together, Match(video, len(hits) == len(rarity), _score(hits, length / usual, rarity)))
        for video, hits, length, together in found
    ]
    matches.sort(key=lambda one: (not one[1].whole, not one[0], -one[1].score, one[1].fingerprint))
    return [match for _, match in matches]


def _score(hits: Mapping[str, int], length: float, rarity: Mapping[str, float]) -> float:
    """Return BM25: rare words count more, repeated ones and those of long texts less."""
    damped = _SATURATION * (1 - _LENGTH + _LENGTH * length)
    return sum(rarity[word] * count * (1 + _SATURATION) / (count + damped) for word, count in hits.items())
