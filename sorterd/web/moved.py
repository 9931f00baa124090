"""The second list: what sorterd has moved and the user has neither confirmed nor corrected, newest first. Pure."""

from __future__ import annotations

from sorterd.changes import KnownFile
from sorterd.web.cards import VideoCard, guesses
from sorterd.web.facts import PageFacts


def moved(facts: PageFacts) -> list[VideoCard]:
    """Return one card for each video that lies where we put it, also if the user has renamed it or its folder since."""
    ours: dict[str, KnownFile] = {file.fingerprint: file for file in facts.files.values() if file.source == "auto"}
    cards: dict[str, VideoCard] = {}
    for move in facts.moves:
        file = facts.files.get(move.destination)
        if file is None or file.fingerprint != move.fingerprint or file.source != "auto":
            file = ours.get(move.fingerprint)
        if move.kind != "sort" or file is None or file.fingerprint in cards:
            continue
        confidence = move.confidence or 0.0
        others = tuple(
            guess
            for guess in guesses(facts.predictions.get(file.fingerprint), facts.folders)
            if guess[0] != file.category
        )
        assert file.category is not None
        cards[file.fingerprint] = VideoCard(
            *(file.fingerprint, file.path, file.category, "moved", move.reason),
            guesses=((file.category, confidence), *others)[:3],
            move=move.number,
            at=move.at,
        )
    return list(cards.values())
