"""From probabilities to one prediction with a sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sorterd.classifier.arrays import Floats
from sorterd.classifier.readiness import cap, videos_needed
from sorterd.prediction import Prediction
from sorterd.text import percent

NOTHING_KNOWN = "nothing could be seen or heard in this video"
# In the confidence, a lack of similarity weighs about three times as much as as large a lack of lead.
SHORTFALL_COUNTS = 3.0
NO_FOLDERS = "there are no folders to choose from yet"


@dataclass(frozen=True, slots=True)
class DecisionRules:
    """What the decision depends on besides the video: `videos` per folder (0 for empty ones), and the thresholds."""

    folders: tuple[str, ...]
    videos: tuple[int, ...]
    threshold: float
    min_per_category: int

    @property
    def filed(self) -> int:
        """How many folders have videos."""
        return sum(number > 0 for number in self.videos)


def decide(believed: Floats, traits: Mapping[str, float], blank: bool, rules: DecisionRules) -> Prediction:
    """Return the prediction for one video from the probability of each folder [folders].

    It is capped where data are few. `traits` are what spoke for and against the best of the folders with videos.
    `blank`: the video's vector is zero.
    """
    if not rules.folders:
        return Prediction("", 0.0, (), False, NO_FOLDERS)
    capped = [min(float(share), cap(number)) for share, number in zip(believed, rules.videos, strict=True)]
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
        reason = f"looks like {folder} ({percent(confidence)})"
    elif videos < needed:
        reason = f"{folder} has only {videos} of the {needed} videos that it needs before anything is moved there"
    else:
        reason = f"closest to {folder} ({percent(confidence)}), but {_doubt(top[1][0], traits)}"
    return Prediction(folder, confidence, top, move, reason)


def _doubt(second: str, traits: Mapping[str, float]) -> str:
    """Return what spoke most against the best folder, measured by what is usual for its own videos."""
    too_far, too_close = SHORTFALL_COUNTS * traits["shortfall"], traits["usual_lead"] - traits["lead"]
    if max(too_far, too_close) < traits["spread"]:
        return "the videos of these folders are hard to tell apart"
    if too_far >= too_close:
        return "less like it than its own videos usually are"
    if traits["lead"] == traits["lead_over_rejected"]:
        return "a video that you took out of a folder is nearly as similar"
    return f"{second} is nearly as similar"
