"""Search for exact words. Pure.

All texts of a library are read at each search: those of 20,000 videos are four megabytes, and an index would be one
more thing that can be wrong after a crash.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # written without blanks
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
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()


def search_words(search: str, texts: Mapping[str, Sequence[str]]) -> list[Match]:
    """Return the videos in whose texts most of the search occurs, the best first: those with all words before others.

    `texts` are the texts of each video. The words need not stand together; those with the words in the order of the
    search come first. Any text may be searched for: nothing in it is a command.
    """
    wanted = list(dict.fromkeys(_WORD.findall(plain(search))))
    if not wanted or not texts:
        return []
    phrase = " ".join(_WORD.findall(plain(search)))
    found: dict[str, tuple[Counter[str], int, bool]] = {}
    for video, parts in texts.items():
        text = plain("\n".join(parts))
        if not any(word in text for word in wanted):
            continue
        words = _WORD.findall(text)
        counts = Counter(words)
        hits = Counter({word: text.count(word) if _UNSPACED.search(word) else counts[word] for word in wanted})
        if any(hits.values()):
            found[video] = (hits, len(words), f" {phrase} " in f" {' '.join(words)} ")
    rarity = {
        word: math.log(1 + len(texts) / (1 + sum(hits[word] > 0 for hits, _, _ in found.values()))) for word in wanted
    }
    usual = sum(length for _, length, _ in found.values()) / max(1, len(found))
    most = sum(rarity.values()) / 2
    matches = [
        (together, Match(video, all(hits.values()), _score(hits, length / max(1.0, usual), rarity)))
        for video, (hits, length, together) in found.items()
        if sum(rarity[word] for word in wanted if hits[word]) >= most
    ]
    matches.sort(key=lambda one: (not one[1].whole, not one[0], -one[1].score, one[1].fingerprint))
    return [match for _, match in matches]


def _score(hits: Mapping[str, int], length: float, rarity: Mapping[str, float]) -> float:
    """Return BM25: rare words count more, repeated ones and those of long texts less."""
    damped = _SATURATION * (1 - _LENGTH + _LENGTH * length)
    return sum(rarity[word] * count * (1 + _SATURATION) / (count + damped) for word, count in hits.items() if count)
