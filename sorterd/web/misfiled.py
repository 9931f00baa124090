"""The third list: what the user has filed, and the model would have moved elsewhere had it not known that. Pure."""

from __future__ import annotations

from sorterd.text import percent
from sorterd.web.cards import VideoCard
from sorterd.web.facts import PageFacts


def misfiled(facts: PageFacts) -> list[VideoCard]:
    """The surest first. Only videos that a model judged that had not been trained on them, and whose label and folders
    are still those of that time. A folder that the user took a video out of is not suggested for it, and neither is one
    from which the user has said here that the label is right: both are rejections."""
    found: list[tuple[float, VideoCard]] = []
    for path, file in facts.files.items():
        said = facts.held_out.get(file.fingerprint)
        if said is None or file.source not in ("user", "confirmed") or file.category != said.label:
            continue
        rejected = facts.rejections.get(file.fingerprint, frozenset())
        if not said.move or said.predicted == said.label or said.predicted in rejected:
            continue
        if said.predicted not in facts.categories:
            continue
        why = (
            f"you filed it into {said.label}; without knowing that, sorterd is {percent(said.confidence)} sure of "
            f"{said.predicted}"
        )
        card = VideoCard(
            *(file.fingerprint, path, said.label, "misfiled", why),
            guesses=((said.predicted, said.confidence),),
        )
        found.append((said.confidence, card))
    return [card for _, card in sorted(found, key=lambda one: (-one[0], one[1].path))]
