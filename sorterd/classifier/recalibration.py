"""How like the folders the strangers of this inbox are: held-out members against everything that waits.

The folders that were left out are strangers of other kinds than those to come, which may be closer or plainer. Members
are known and the inbox is a mixture, so the ratio of their densities says what share of the inbox at each score can be
members at all: the likelihood of presence-only data (Ward, Hastie, Barry, Elith & Leathwick 2009), here with two
unknowns, a stretch and a shift of the log-ratio, both pulled towards no change.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import minimize

from sorterd.classifier.arrays import Floats
from sorterd.classifier.strangers import Strangers

# Standard deviations of what is expected before the inbox was seen: a stretch by two, a shift of the log-odds.
STRETCH = 0.7
SHIFT = 1.5


def recalibrate(strangers: Strangers, members: Floats, inbox: Floats) -> Strangers:
    """The strangers with another slope and offset, given the traits [*, t] of held-out members and of the inbox."""
    if len(inbox) == 0 or not strangers.slope.any():
        return strangers
    rows = min(len(members), len(inbox))

    def changed(x: Floats) -> Strangers:
        stretch, shift = float(np.exp(STRETCH * x[0])), SHIFT * float(x[1])
        return replace(
            strangers,
            slope=stretch * strangers.slope,
            offset=stretch * strangers.offset + shift,
            usual=stretch * strangers.usual + shift,
        )

    def loss(x: Floats) -> float:
        proposed = changed(x)
        of_members, of_inbox = proposed.belonging(members), proposed.belonging(inbox)
        share = max(float(of_inbox.mean()), 1e-12)
        # Drawn from both heaps alike, a row that belongs with probability p is a labelled one with p / (p + share).
        labelled = np.log(np.maximum(of_members, 1e-12) / (of_members + share)).mean()
        waiting = np.log(share / (of_inbox + share)).mean()
        return float(0.5 * x @ x - rows * (labelled + waiting))

    # The bounds only keep the search from stepping out to where numbers overflow.
    return changed(minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-4.0, 4.0)] * 2).x)
