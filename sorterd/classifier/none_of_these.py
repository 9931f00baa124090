"""Learning what belongs to none of the folders: models that have not seen some rows are asked about those rows.

First by how like the folders a video is, and that is said of the inbox too. Then the inbox, each video of it as far
as it was doubted, is what the folders are contrasted with, which tells better what to doubt, and so once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.belonging import Belonging, Traits
from sorterd.classifier.contrast import Contrast, fit_contrast
from sorterd.classifier.folds import ALWAYS_TRAINED_ON
from sorterd.classifier.halves import take
from sorterd.classifier.labelled import Labelled, join
from sorterd.classifier.likeness import likeness_of
from sorterd.classifier.recalibration import recalibrate
from sorterd.classifier.strangers import Evidence, Strangers, fit_strangers
from sorterd.classifier.voices import Voices, fit_voices

# At most so many models are fitted with categories left out.
BUNDLES = 10
# A third contrast finds little more.
CONTRASTS = 2


@dataclass(frozen=True, slots=True)
class View:
    """A model trained without the rows `out` [n], which it judges."""

    traits: Traits
    out: Bools


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
    strangers = _left_out(library, weights, seed)
    evidence = _evidence(library, members, strangers, final)
    fitted = _fit(evidence)
    usual = float(np.median(evidence.members[:, 0])) if len(evidence.members) else 0.0
    for _ in range(CONTRASTS):
        if not fitted.slope.any():
            break
        contrasted = [_contrasted(library, view, fitted, seed) for view in (final, *members, *strangers)]
        # What only some of them could be contrasted with would be judged by two measures.
        if any(view.traits.contrast is None for view in contrasted):
            break
        final, contrasted = contrasted[0], contrasted[1:]
        members, strangers = contrasted[: len(members)], contrasted[len(members) :]
        evidence = _evidence(library, members, strangers, final)
        fitted = _fit(evidence)
    return Learned(Belonging(final.traits, fitted), evidence, folds[folds != ALWAYS_TRAINED_ON], usual)


def _fit(evidence: Evidence) -> Strangers:
    return recalibrate(fit_strangers(evidence), evidence.members, evidence.inbox)


def _left_out(library: Labelled, weights: Floats, seed: int) -> list[View]:
    """Models from which one category at a time was left out, or several where there are many."""
    bundle = np.arange(library.count) % BUNDLES
    views = []
    for left_out in np.unique(bundle) if library.count > 1 else ():
        out = bundle[library.categories] == left_out
        rest = fit_voices("prototypes", library, ~out, seed)
        views.append(View(Traits(likeness_of(rest, weights), hidden=bundle == left_out), out))
    return views


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


def _contrasted(library: Labelled, view: View, strangers: Strangers, seed: int) -> View:
    return replace(view, traits=replace(view.traits, contrast=_contrast(library, view, strangers, seed)))


def _contrast(library: Labelled, view: View, strangers: Strangers, seed: int) -> Contrast | None:
    likeness = view.traits.likeness
    doubt = 1.0 - strangers.belonging(view.traits.measure(library.inbox))
    return fit_contrast(
        likeness.place(take(library.halves, ~view.out)),
        library.categories[~view.out],
        library.count,
        likeness.place(join(library.inbox, library.returned)),
        np.concatenate([doubt, np.ones(len(library.returned[0].rows))]),
        seed,
    )
