"""The list of a search: the videos with these words first, wherever they lie, then those that mean the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sorterd.find.documents import Documents
from sorterd.find.fusion import fused
from sorterd.find.words import search_words
from sorterd.web.cards import VideoCard

SHOWN = 50
_ALL, _SOME = "its name, its caption or what is said has these words", "some of these words are in it"
_ALIKE = "it is about the same, by its"


def found(
    words: str,
    documents: Documents,
    waiting: Mapping[str, VideoCard],
    by_meaning: Mapping[str, Sequence[str]] | None = None,
) -> list[VideoCard]:
    """Return a card for each video that fits, the best first.

    `waiting` are the cards of the videos in the inbox, by fingerprint: their guesses are offered here as well.
    `by_meaning` are rankings of videos that mean the same, by modality. They come after those with the words.
    """
    whole = {match.fingerprint: match.whole for match in search_words(words, documents.texts())[:SHOWN]}
    why = {one: _ALL if all_words else _SOME for one, all_words in whole.items()}
    for one, modalities in fused(by_meaning or {}):
        why.setdefault(one, f"{_ALIKE} {' and '.join(modalities)}")
    cards = []
    for fingerprint in list(why)[:SHOWN]:
        video = documents[fingerprint]
        inbox = waiting.get(fingerprint)
        place = "in the inbox" if video.category is None else f"in {video.category}"
        offered = inbox.guesses if video.category is None and inbox is not None else ()
        said = f"{place}: {why[fingerprint]}"
        cards.append(VideoCard(fingerprint, video.path, video.category, "found", said, offered))
    return cards
