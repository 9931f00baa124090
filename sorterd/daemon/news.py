"""A log tells a state when it begins, not each time it is met: a disk away for a day is one line."""

from __future__ import annotations

import time
from collections.abc import Callable

from sorterd.activity import Activity, Decided, Fault, Note, Reporter, TrainingEnded, UserAction

AGAIN_SECONDS = 24 * 3600.0


def news_only(report: Reporter, timer: Callable[[], float] = time.monotonic) -> Reporter:
    """Pass on what happens, but the same trouble only once a day unless things went well in between.

    Trouble with one video is over when something is decided on it or the user did something with it; trouble with
    nothing in particular when anything is noted or learned.
    """
    told: dict[Fault, float] = {}

    def forget(path: str) -> None:
        for trouble in [one for one in told if one.path == path]:
            del told[trouble]

    def pass_on(activity: Activity) -> None:
        match activity:
            case Fault():
                now = timer()
                for old in [one for one, at in told.items() if now - at >= AGAIN_SECONDS]:
                    del told[old]
                if activity in told:
                    return
                told[activity] = now
            case Decided(path=path) | UserAction(path=path):
                forget(path)
            case Note() | TrainingEnded():
                forget("")
        report(activity)

    return pass_on
