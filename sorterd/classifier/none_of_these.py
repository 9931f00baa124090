"""Learning what belongs to none of the folders: models that have not seen some rows are asked about those rows.

First by how like the folders a video is, and that is said of the inbox too. Then the inbox, each video of it as far
as it was doubted, is what the folders are contrasted with, which tells better what to doubt, and so once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sorterd.classifier.arrays import Floats, Ints
from sorterd.classifier.belonging import Belonging, Traits
from sorterd.classifier.folds import ALWAYS_TRAINED_ON
from sorterd.classifier.halves import take
from sorterd.classifier.labelled import Labelled
from sorterd.classifier.likeness import likeness_of
from sorterd.classifier.recalibration import recalibrate
from sorterd.classifier.strangers import Evidence, Strangers, fit_strangers
from sorterd.classifier.views import View, contrasted_view, left_out, part_of
from sorterd.classifier.voices import Voices

# How often the folders are contrasted with the inbox; a third time finds little more.
CONTRASTS = 2


@dataclass(frozen=True, slots=True)
class Learned:
    """`belonging`, the `evidence` that it was fitted to, and the fold of each member in the evidence.

    `usual_likeness` is the median of the best likeness of members held out.
    """

    belonging: Belonging
    evidence: Evidence
    folds: Ints
    usual_likeness: float

    def without(self, fold: int, labelled_folds: Ints) -> Floats:
        """The probability of belonging of the members in `fold`, fitted without them: [members in fold]."""
        out = self.folds == fold
        members, strangers = self.evidence.members[~out], self.evidence.strangers
        if len(strangers):  # none where a single category leaves nothing to be strange to
            strangers = strangers[labelled_folds != fold]
        fitted = _fit(replace(self.evidence, members=members, strangers=strangers))
        return fitted.belonging(self.evidence.members[out])


def learn_belonging(
    library: Labelled, folds: Ints, by_fold: Sequence[Voices], everything: Voices, weights: Floats, seed: int
) -> Learned:
    """Fit to the library: `by_fold` are prototypes without each fold, `everything` those of all rows."""
    final = View(Traits(likeness_of(everything, weights)), np.zeros(len(folds), dtype=bool))
    held_out = [fold for fold in np.unique(folds) if fold != ALWAYS_TRAINED_ON]
    members = [
        View(Traits(likeness_of(voices, weights)), folds == fold)
        for fold, voices in zip(held_out, by_fold, strict=True)
    ]
    strangers = left_out(library, weights, seed)
    evidence = _evidence(library, members, strangers, final)
    fitted = _fit(evidence)
    usual = float(np.median(evidence.members[:, 0])) if len(evidence.members) else 0.0
    heap = part_of(library.inbox, seed)
    for _ in range(CONTRASTS):
        if not fitted.slope.any():
            break
        views = [contrasted_view(library, view, heap, fitted, seed) for view in (final, *members, *strangers)]
        # What only some of them could be contrasted with would be judged by two measures.
        if any(view.traits.contrast is None for view in views):
            break
        final, members, strangers = views[0], views[1 : 1 + len(members)], views[1 + len(members) :]
        evidence = _evidence(library, members, strangers, final)
        fitted = _fit(evidence)
    belonging = Belonging(final.traits, fitted, library.inbox_known)
    return Learned(belonging, evidence, folds[folds != ALWAYS_TRAINED_ON], usual)


def _fit(evidence: Evidence) -> Strangers:
    return recalibrate(fit_strangers(evidence), evidence.members, evidence.inbox)


def _evidence(library: Labelled, members: Sequence[View], strangers: Sequence[View], final: View) -> Evidence:
    # A contrast has been fitted to the returned videos: what it says of them proves nothing.
    returned = library.returned
    if final.traits.contrast is not None:
        returned = take(returned, np.zeros(len(returned[0].rows), dtype=bool))
    return Evidence(
        members=_judge(library, members),
        strangers=_judge(library, strangers),
        returned=final.traits.measure(returned),
        inbox=final.traits.measure(library.inbox),
        categories=library.count,
    )


def _judge(library: Labelled, views: Sequence[View]) -> Floats:
    """The traits of all rows that some view judges, in the order of the library."""
    if not views:
        return np.zeros((0, 2))
    rows = np.concatenate([np.flatnonzero(view.out) for view in views])
    traits = np.concatenate([view.traits.measure(take(library.halves, view.out)) for view in views])
    return traits[np.argsort(rows)]
