"""Clean a caption: what is left are the words that tell what a video is about. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sorterd.captions.caption import Caption, Fields, as_sentences
from sorterd.captions.hashtags import Vocabulary, split
from sorterd.captions.others import without_others
from sorterd.captions.reach import only_for_reach
from sorterd.captions.scripts import UNSPACED, is_mark
from sorterd.captions.title import without_repetition

LONGEST = 600
"""Characters of the words: the text tower reads some 250 word pieces."""

LONGEST_FIELD = 10_000
"""Characters of a field that are looked at."""

MOST_TAGS, LONGEST_TAG, LONGEST_AUTHOR = 20, 60, 60

_INVISIBLE = {"Cf", "Cs", "Co", "Cn"}  # format characters, lone surrogates, private use, no characters
# Up to a blank or a mark, as TikTok reads tags: letters of all scripts and what is above and below them, also emoji.
_HASHTAG = re.compile(r"#([^\s#@!-/:-@\[-^`{-~«»…—–‘’“”、。，！？；：（）「」『』【】،؛؟।॥]+)(?:\[话题\]#)?")
_LEFT_OVER = re.compile(r"[#@]+")
_EMPTY = re.compile(r"\( ?\)|\[ ?\]|（ ?）|【 ?】")
_MARKS = ".,;:!?…。、"  # that stand by themselves, such as those after a tag or an address
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(UNSPACED)


def clean(fields: Fields, words: Vocabulary) -> Caption:
    """Return the cleaned caption, empty if it tells nothing: no tag, and fewer than two words.

    `words` are what hashtags are split into.
    """
    description = visible(fields.description[:LONGEST_FIELD])
    title = without_repetition(visible(fields.title[:LONGEST_FIELD]), description)
    parts = [without_others(part) for part in (title, description)]
    hashtags = [tag for part in parts for tag in _HASHTAG.findall(part)]
    tags = _told_by([*hashtags, *(visible(tag[:LONGEST_FIELD]) for tag in fields.tags)], words)
    text = _shortened(as_sentences(*map(_without_tags, parts)), LONGEST)
    if _word_count(text) < 2:
        text = ""
    if not text and not tags:
        return Caption()
    author = _in_one_line(_LEFT_OVER.sub(" ", visible(fields.author[:LONGEST_FIELD])))
    return Caption(text, author[:LONGEST_AUTHOR].strip(), tags)


def visible(text: str) -> str:
    """Return the text in one Unicode form (NFKC) without characters that cannot be seen. Line ends become blanks."""
    return _seen(unicodedata.normalize("NFKC", _seen(text)))


def _without_tags(text: str) -> str:
    text, left = _LEFT_OVER.sub(" ", _HASHTAG.sub(" ", text)), 1
    while left:  # brackets in brackets
        text, left = _EMPTY.subn(" ", _in_one_line(text))
    words = text.split()
    return " ".join(word for word in words if word.strip(_MARKS))


def _seen(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    categories = ((char, unicodedata.category(char)) for char in text)
    return "".join(
        " " if kind in ("Cc", "Zl", "Zp") else char
        for char, kind in categories
        if kind not in _INVISIBLE and char != "\ufffd"  # what stands for bytes that are no text
    )


def _told_by(tags: Iterable[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the tags in words, each once, without those that only ask for an audience."""
    told = (split(tag, words) for tag in tags if not only_for_reach(tag))
    kept = (tag for tag in told if 0 < len(tag) <= LONGEST_TAG and _WORD.search(tag))
    return tuple(dict.fromkeys(kept))[:MOST_TAGS]


def _word_count(text: str) -> int:
    letters = "".join(char for char in text if text.isascii() or not is_mark(char))
    found = (word for word in _WORD.findall(letters) if len(word) > 1 and not only_for_reach(word))
    return sum(max(1, len(_UNSPACED.findall(word)) // 2) for word in found)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str, length: int) -> str:
    """Return the text cut at a blank, if it has one."""
    return text if len(text) <= length else (text[: length + 1].rsplit(" ", 1)[0])[:length]
