"""The list of a search: the videos whose name, speech or caption has the words, wherever they lie."""

from __future__ import annotations

from collections.abc import Mapping

from sorterd.find.documents import Documents
from sorterd.find.words import search_words
from sorterd.web.cards import VideoCard

SHOWN = 50
_ALL, _SOME = "its name, its caption or what is said has these words", "some of these words are in it"


def found(words: str, documents: Documents, waiting: Mapping[str, VideoCard]) -> list[VideoCard]:
    """Return a card for each video that fits, the best first.

    `waiting` are the cards of the videos in the inbox, by fingerprint: their guesses are offered here as well.
    """
    cards = []
    for match in search_words(words, documents.texts())[:SHOWN]:
        video = documents[match.fingerprint]
        inbox = waiting.get(video.fingerprint)
        place = "in the inbox" if video.category is None else f"in {video.category}"
        offered = inbox.guesses if video.category is None and inbox is not None else ()
        why = f"{place}: {_ALL if match.whole else _SOME}"
        cards.append(VideoCard(video.fingerprint, video.path, video.category, "found", why, offered))
    return cards
