"""The third list: what the user has filed, and the model would have moved elsewhere had it not known that. Pure."""

from __future__ import annotations

from sorterd.find import misfiled as judged
from sorterd.text import percent
from sorterd.web.cards import VideoCard
from sorterd.web.facts import PageFacts


def misfiled(facts: PageFacts) -> list[VideoCard]:
    """Return a card for each such video, the surest first."""
    cards = []
    for one in judged.misfiled(facts.files, facts.held_out, facts.rejections, facts.categories):
        why = (
            f"you filed it into {one.label}; without knowing that, sorterd is {percent(one.confidence)} sure of "
            f"{one.folder}"
        )
        guesses = ((one.folder, one.confidence),)
        cards.append(VideoCard(one.file.fingerprint, one.path, one.label, "misfiled", why, guesses=guesses))
    return cards
