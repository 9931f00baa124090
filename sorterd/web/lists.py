"""The lists of the page, in the order of their tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sorterd.web.cards import VideoCard
from sorterd.web.facts import PageFacts
from sorterd.web.misfiled import misfiled
from sorterd.web.moved import moved
from sorterd.web.waiting import waiting


@dataclass(frozen=True, slots=True)
class CardList:
    """The label of its tab, its cards, and what is said while there are none: a title and a text."""

    tab: str
    cards: Callable[[PageFacts], list[VideoCard]]
    title: str
    text: str


LISTS: Mapping[str, CardList] = {
    "waiting": CardList(
        *("Waiting", waiting, "Nothing waits for you"),
        "New videos are filed by themselves. What sorterd is not sure about comes here.",
    ),
    "moved": CardList(
        *("Moved", moved, "Nothing to confirm"),
        "What sorterd moves comes here, until you confirm it or move it elsewhere.",
    ),
    "misfiled": CardList(
        *("Misfiled?", misfiled, "Nothing looks misfiled"),
        "Videos come here that you have filed into one folder, and that look like another.",
    ),
}
