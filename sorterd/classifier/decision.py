"""From probabilities to one prediction with a sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sorterd.classifier.arrays import Floats
from sorterd.classifier.prediction import Prediction
from sorterd.classifier.readiness import cap, videos_needed

NOTHING_KNOWN = "nothing could be seen or heard in this video"
NO_FOLDERS = "there are no folders to choose from yet"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the decision depends on besides the video: `videos` per folder (0 for empty ones), and the thresholds."""

    folders: tuple[str, ...]
    videos: tuple[int, ...]
    threshold: float
    min_per_category: int

    @property
    def filed(self) -> int:
        """How many folders have videos."""
        return sum(number > 0 for number in self.videos)


def decide(shares: Floats, belonging: float, blank: bool, rules: Rules) -> Prediction:
    """The prediction for one video from each folder's probability [folders], capped here where data are few.

    `belonging` is the probability that it belongs to any folder that has videos; `blank` that its vector is zero.
    """
    if not rules.folders:
        return Prediction("", 0.0, (), False, NO_FOLDERS)
    capped = [min(float(share), cap(number)) for share, number in zip(shares, rules.videos, strict=True)]
    best_first = sorted(range(len(capped)), key=lambda i: (-capped[i], rules.folders[i]))
    top = tuple((rules.folders[i], capped[i]) for i in best_first)
    best = best_first[0]
    folder, confidence, videos = rules.folders[best], capped[best], rules.videos[best]
    needed = videos_needed(rules.threshold, rules.min_per_category)
    sure = confidence >= rules.threshold
    move = sure and not blank and videos >= max(1, rules.min_per_category) and rules.filed >= 2
    if blank:
        reason = NOTHING_KNOWN
    elif videos == 0:
        reason = f"{folder} is empty: its name fits, but nothing has been filed there yet"
    elif rules.filed < 2:
        reason = f"{folder} is the only folder with videos: there is nothing to tell it from"
    elif move:
        reason = f"looks like {folder} ({confidence:.0%})"
    elif videos < needed:
        reason = f"{folder} has only {videos} of the {needed} videos that it needs before anything is moved there"
    else:
        reason = _doubt(top, belonging, confidence, rules)
    return Prediction(folder, confidence, top, move, reason)


def _doubt(top: Sequence[tuple[str, float]], belonging: float, confidence: float, rules: Rules) -> str:
    if belonging < rules.threshold and 1 - belonging > top[1][1]:
        return f"unlike what has been filed so far: {1 - belonging:.0%} that it belongs to none of the folders"
    return f"{top[0][0]} ({confidence:.0%}) or {top[1][0]} ({top[1][1]:.0%}): below {rules.threshold:.0%}"
