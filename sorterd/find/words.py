"""Search for exact words. Pure.

All texts of a library are read at each search: in 20,000 videos that takes a tenth of a second, and an index of words
would be one more thing that can be wrong after a crash.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sorterd.captions.scripts import UNSPACED

_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u093c]"
)
"""Marks that people leave out when they type, on Latin, Greek, Cyrillic, Hebrew, Arabic and Hindi letters. All others
make another letter: a vowel in Hindi, パ of ハ."""

_STROKES = (("đ", "d"), ("ł", "l"), ("ø", "o"), ("ı", "i"))  # which are no accents for Unicode
_LETTER = rf"(?!{UNSPACED})[\w\u0900-\u0963\u0966-\u0dff]"  # with the vowels of Hindi and the like, which \w leaves out
_WORD = re.compile(f"{UNSPACED}+|(?:{_LETTER})+|[\u2600-\u27bf\U0001f000-\U0001faff]")  # the last are emoji
_TAG = re.compile(f"#((?:{_LETTER})+)")
_SHORT, _MOST = 8, 200  # words
_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25 (Robertson & Zaragoza 2009)


@dataclass(frozen=True, slots=True)
class Match:
    """A video whose texts have words of the search that tell most of it: rare words tell more.

    `whole`: they have all of the words.
    """

    fingerprint: str
    whole: bool


def plain(text: str) -> str:
    """Return the text in small letters without accents. Half and full width, ligatures and the like are one."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text))).casefold()
    for letter, without in _STROKES:
        text = text.replace(letter, without)
    return text


def search_words(search: str, texts: Collection[tuple[str, Sequence[str]]]) -> list[Match]:
    """Return the videos in whose texts most of the search occurs, the best first: those with all words before others.

    `texts` are pairs of a video and its texts. The words need not stand together. Where they stand in the order of the
    search comes first, then BM25 counts: rare words more, repeated ones and those of long texts less. Any text may be
    searched for: nothing in it is a command. Of a very long search the first words count.

    The words of a hashtag may stand apart, as captions have them. If no text has all words of a short search, the same
    goes for each of three letters or more, and an s at its end does not matter: "coffeetok", "dont", "tortilla".
    """
    search = plain(search)
    words = _WORD.findall(search)[:_MOST]
    found = _search(words, set(_TAG.findall(search)), texts)
    if not (found and found[0].whole) and len(words) <= _SHORT:
        loose = _search(words, {word for word in words if len(word) > 2 and re.match(_LETTER, word)}, texts)
        found = loose if loose and loose[0].whole else found
    return found


def _search(words: list[str], loose: Collection[str], texts: Iterable[tuple[str, Sequence[str]]]) -> list[Match]:
    """Search for words, of which some are sought as `_loose` says."""
    wanted = dict.fromkeys(words, 0)  # in how many texts each occurs, be it as a part of another word
    patterns = {word: _loose(word) for word in wanted if word in loose}
    candidates: list[tuple[str, str, list[str]]] = []
    total = letters = 0
    for video, parts in texts:
        total += 1
        text = "\n".join([part.lower() if part.isascii() else plain(part) for part in parts])
        there = [word for word in wanted if word in text or (word in loose and patterns[word].search(text))]
        if there:  # most of a library ends here
            candidates.append((video, text, there))
            letters += len(text)
            for word in there:
                wanted[word] += 1
    rarity = {word: math.log(1 + total / (1 + count)) for word, count in wanted.items()}
    patterns |= {word: _pattern(word) for word, count in wanted.items() if count and word not in loose}
    most = sum([rarity[word] for word, count in wanted.items() if count]) / 2  # a word that none has tells none apart
    phrase = re.compile(r"\W*".join(map(re.escape, words)))
    usual = _LENGTH * len(candidates) / max(1, letters)
    found = []
    for video, text, there in candidates:
        if len(there) < len(wanted) and sum([rarity[word] for word in there]) < most:  # only common words of it occur
            continue
        counts = [(rarity[word], count) for word in there if (count := len(patterns[word].findall(text)))]
        if not counts or (len(counts) < len(wanted) and sum([told for told, _ in counts]) < most):
            continue
        damped = _SATURATION * (1 - _LENGTH + usual * len(text))
        score = sum([told * count * (1 + _SATURATION) / (count + damped) for told, count in counts])
        whole = len(counts) == len(wanted)
        together = whole and (len(words) == 1 or phrase.search(text) is not None)
        found.append((not whole, not together, -score, video))
    return [Match(video, not lacks) for lacks, _, _, video in sorted(found)]


def _pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a whole word, or of any place of an emoji or of a word in a script without blanks.

    It begins with the word itself: `re` then looks for that first, which is many times as fast.
    """
    literal = re.escape(word)
    return re.compile(f"{literal}(?<!{_LETTER}{literal})(?!{_LETTER})" if re.match(_LETTER, word) else literal)


def _loose(word: str) -> re.Pattern[str]:
    """Return the pattern of a whole word with or without marks or blanks in it and an s at its end."""
    first, *letters = map(re.escape, word.removesuffix("s") or word)
    rest = "".join(rf"\W?{letter}" for letter in letters)
    return re.compile(f"{first}(?<!{_LETTER}{first}){rest}s?(?!{_LETTER})")
