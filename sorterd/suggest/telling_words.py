"""The words that tell what a group of videos is about: frequent in it, and rare outside. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sorterd.captions.scripts import is_mark
from sorterd.find.documents import Document

SHOWN = 3
OFTEN = 0.3
"""The least share of a group's videos in which a word occurs, of those that have any words."""

LIFT = 2.0
"""How many times more frequent a word is in the group than outside."""

LONGEST = 24  # letters: longer ones are sentences of a script without blanks

_WORD = re.compile(r"[^\W\d_]{3,}")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # Korean has blanks


def telling_words(
    groups: Sequence[Collection[str]], documents: Mapping[str, Document], authors: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """Return for each group up to three words, hashtags with # and before others, the most telling first.

    Class-based TF-IDF (Grootendorst 2022, BERTopic), with the share of a group's videos for the frequency of a term:
    otherwise one long transcript would speak for all. `documents` are those of the library, `authors` are the names
    that captions begin with, both by fingerprint.
    """
    terms = {video: _terms(document, authors.get(video, "")) for video, document in documents.items()}
    worded = [found for found in terms.values() if found]
    spread = Counter(term for found in worded for term in found)
    return [
        _telling([terms[video] for video in group if terms.get(video)], spread, len(worded), len(group))
        for group in groups
    ]


def _telling(group: Sequence[frozenset[str]], spread: Counter[str], worded: int, videos: int) -> tuple[str, ...]:
    if len(group) < max(2, OFTEN * videos):  # what one video of ten says does not stand for all
        return ()
    inside = Counter(term for found in group for term in found)
    scores: dict[str, float] = {}
    for term, count in inside.items():
        share, elsewhere = count / len(group), (spread[term] - count) / max(1, worded - len(group))
        if count >= 2 and share >= OFTEN and share >= LIFT * elsewhere:
            scores[term] = share * math.log(1 + worded / spread[term])
    best = sorted(scores, key=lambda term: (not term.startswith("#"), -scores[term], term))
    return tuple(_without_repetition(best)[:SHOWN])


def _without_repetition(terms: Sequence[str]) -> list[str]:
    """Return the terms without those that are a hashtag too, or a part of one: "#pottery" says "pottery" as well."""
    kept: list[str] = []
    for term in terms:
        bare = term.removeprefix("#")
        if not any(bare in other or other.removeprefix("#") in bare for other in kept):
            kept.append(term)
    return kept


def _terms(document: Document, author: str) -> frozenset[str]:
    """Return the words of a video, each once, in small letters, and its hashtags with #."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    from sorterd.captions.file_name import fields_of_name

    caption = document.caption.removeprefix(f"{author}: ") if author else document.caption
    name = fields_of_name(document.path.rpartition("/")[2]).description
    words = set()
    for text in (caption, document.transcript, name):
        small = text.casefold()
        # Without blanks around them, words cannot be told apart. In Chinese and Japanese one has often two letters.
        words |= {word for word in _words(small) if len(word) <= LONGEST and not _UNSPACED.search(word)}
    return frozenset(words - ENGLISH_STOP_WORDS) | _hashtags(caption)


def _words(text: str) -> list[str]:
    """Return the words of at least three letters, with the marks that belong to them: Hindi has its vowels there."""
    if text.isascii():
        return _WORD.findall(text)
    words = "".join(char if char.isalpha() or is_mark(char) else " " for char in text).split()
    return [word for word in words if sum(map(str.isalpha, word)) >= 3]


def _hashtags(caption: str) -> frozenset[str]:
    """Return the hashtags of a cleaned caption: its last part, with commas between them (`Caption.text`).

    What looks like a sentence is none, but a word or two may be taken for a hashtag.
    """
    words, _, end = caption.rpartition(". ")
    parts = [part.strip() for part in end.split(",")]
    if not words and len(parts) == 1 and " " in end:  # words without hashtags are at least two
        return frozenset()
    plain = ("".join(char for char in part if not is_mark(char)) for part in parts)
    if not all(part and len(part.split()) <= 4 and not re.search(r"[^\w\s]", part) for part in plain):
        return frozenset()
    joined = (part.replace(" ", "").casefold() for part in parts)
    return frozenset(f"#{tag}" for tag in joined if 2 <= len(tag) <= LONGEST)
