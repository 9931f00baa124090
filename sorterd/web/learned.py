"""What a training has changed for the videos that wait. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sorterd.web.facts import PageFacts


@dataclass(frozen=True, slots=True)
class Judged:
    """Of one training: by content the best guess and whether that is sure enough for a move."""

    trained_at: str | None
    words: Mapping[str, tuple[str, bool]]


def judged(facts: PageFacts) -> Judged:
    """The model's word on the inbox."""
    words = {
        one.file.fingerprint: (one.prediction.folder, one.prediction.move)
        for one in (*facts.inbox.undecided, *facts.inbox.sure)
    }
    return Judged(facts.trained_at, words)


def is_complete(before: Judged, now: Judged, facts: PageFacts) -> bool:
    """Whether the new model has had its word on all that the last one had, as far as it still waits."""
    still = {file.fingerprint for file in facts.files.values() if file.source is None}
    return not (before.words.keys() & still) - now.words.keys()


def lesson(before: Judged, now: Judged, moved: Collection[str]) -> str:
    """One sentence on what differs, "" if nothing does; `moved` are the contents that sorterd has moved since."""
    unsure = {video for video, (_, sure) in before.words.items() if not sure}
    more = sum(video in moved or now.words.get(video, ("", False))[1] for video in unsure)
    fewer = sum(sure and not now.words.get(video, ("", True))[1] for video, (_, sure) in before.words.items())
    other = sum(
        video in now.words and now.words[video][0] != folder
        for video, (folder, _) in before.words.items()
        if video in unsure and not now.words.get(video, ("", False))[1]
    )
    said = []
    if more:
        said.append("1 more video can be moved by itself" if more == 1 else f"{more:,} more can be moved by themselves")
    if fewer:
        said.append(f"{fewer:,} fewer can be")
    if other:
        said.append(f"the best guess is another for {other:,}")
    return f"Learned: {', '.join(said)}." if said else ""
