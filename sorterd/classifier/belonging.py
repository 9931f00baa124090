"""The probability that a video belongs to any folder at all: likeness and contrast -> traits -> probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Bools, Floats
from sorterd.classifier.contrast import Contrast
from sorterd.classifier.halves import Halves
from sorterd.classifier.likeness import Likeness
from sorterd.classifier.strangers import Strangers

# Brings the contrast's log-odds to about the spread of the likeness.
CONTRAST_SCALE = 0.25


@dataclass(frozen=True, slots=True)
class Traits:
    """What is measured of a video: its likeness to the folders, or, once that is known, the contrast with the inbox.

    The contrast alone, where there is one: left-out folders are seldom as close to the others as real strangers are, so
    that they make the plain likeness look better than it is. Together both found fewer of the close strangers.
    `hidden` marks categories that the model was not shown, when it is asked about their members as strangers.
    """

    likeness: Likeness
    contrast: Contrast | None = None
    hidden: Bools | None = None

    def measure(self, halves: Halves) -> Floats:
        """Log-odds of the contrast, scaled, [n, 1]; without one best likeness and gap to the second best, [n, 2]."""
        if self.contrast is not None:
            return contrasted(self.contrast, self.likeness.place(halves))
        likeness = self.likeness.measure(halves)
        if self.hidden is not None:
            likeness[:, self.hidden] = -np.inf
        if likeness.shape[1] < 2:
            return np.zeros((len(likeness), 2))
        best = -np.sort(-likeness, axis=1)[:, :2]
        gap = np.where(np.isfinite(best[:, 1]), best[:, 0] - best[:, 1], 0.0)
        return np.stack([best[:, 0], gap], axis=1)


def contrasted(contrast: Contrast, places: Floats) -> Floats:
    """The only trait [n, 1] that counts once there is a contrast, of videos at these places [n, d]."""
    return CONTRAST_SCALE * contrast.log_odds(places)[:, None]


@dataclass(frozen=True, slots=True)
class Belonging:
    """What the classifier asks: the traits, and what they mean; and whether an inbox was given to learn that from."""

    traits: Traits
    strangers: Strangers
    inbox_known: bool

    def probability(self, halves: Halves) -> Floats:
        """That a video belongs to one of the categories, [n].

        Where no inbox was given, those that are asked about together are taken for it: a few hardly change what is
        expected, many tell how many of them are strangers.
        """
        traits = self.traits.measure(halves)
        strangers = self.strangers
        if not self.inbox_known and strangers.slope.any():
            strangers = strangers.among(traits)
        return strangers.belonging(traits)
