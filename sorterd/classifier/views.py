"""Models that have not seen some rows, to be asked about those rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.belonging import Traits, contrasted
from sorterd.classifier.contrast import fit_contrast
from sorterd.classifier.halves import Halves, take
from sorterd.classifier.labelled import Labelled, join
from sorterd.classifier.likeness import likeness_of
from sorterd.classifier.strangers import Strangers
from sorterd.classifier.voices import fit_voices

# At most so many models are fitted with categories left out.
BUNDLES = 10
# More would only cost time: the directions in which the folders and the inbox differ are known by then.
MOST_PER_CATEGORY = 40
MOST_WAITING = 2000


@dataclass(frozen=True, slots=True)
class View:
    """A model trained without the rows `out` [n], which it judges."""

    traits: Traits
    out: Bools


def left_out(library: Labelled, weights: Floats, seed: int) -> list[View]:
    """Models from which one category at a time was left out, or several where there are many.

    `weights` are those of the prototypes in the mix.
    """
    bundle = np.arange(library.count) % BUNDLES
    views = []
    for number in np.unique(bundle) if library.count > 1 else ():
        out = bundle[library.categories] == number
        rest = fit_voices("prototypes", library, ~out, seed)
        views.append(View(Traits(likeness_of(rest, weights), hidden=bundle == number), out))
    return views


def part_of(inbox: Halves, seed: int) -> Halves:
    """As many videos of the inbox as the folders are contrasted with, picked by chance."""
    count = len(inbox[0].rows)
    return take(inbox, np.sort(np.random.default_rng(seed).permutation(count)[:MOST_WAITING]))


def contrasted_view(library: Labelled, view: View, heap: Halves, strangers: Strangers, seed: int) -> View:
    """The view with a contrast: what it knows of the library against the `heap`, as far as `strangers` doubt that.

    What was returned counts as strange. Without a contrast where there is too little to contrast with.
    """
    likeness = view.traits.likeness
    places = likeness.place(join(heap, library.returned))
    known = view.traits.contrast
    waiting = len(heap[0].rows)
    traits = view.traits.measure(heap) if known is None else contrasted(known, places[:waiting])
    doubt = 1.0 - strangers.belonging(traits)
    shown = _some_of_each(np.where(view.out, -1, library.categories), library.count, seed)
    contrast = fit_contrast(
        likeness.place(take(library.halves, shown)),
        library.categories[shown],
        library.count,
        places,
        np.concatenate([doubt, np.ones(len(places) - waiting)]),
    )
    return replace(view, traits=replace(view.traits, contrast=contrast))


def _some_of_each(categories: Ints, count: int, seed: int) -> Ints:
    """Rows [*] of each category from 0 to `count` - 1, `MOST_PER_CATEGORY` of them where there are more."""
    shuffled = np.random.default_rng(seed).permutation(len(categories))
    return np.sort(np.concatenate([shuffled[categories[shuffled] == k][:MOST_PER_CATEGORY] for k in range(count)]))
