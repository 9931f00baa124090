"""Keep the log short: a fault is logged when it begins, not each time it is met."""

from __future__ import annotations

import time
from collections.abc import Callable

from sorterd.activity import Activity, Decided, Fault, Note, Reporter, TrainingEnded, UserAction

AGAIN_SECONDS = 24 * 3600.0


def news_only(report: Reporter, timer: Callable[[], float] = time.monotonic) -> Reporter:
    """Return a reporter that passes on everything, but the same fault only once a day while it lasts.

    A fault of one video is over when the video is decided on or the user does something with it. A fault of no video
    in particular is over when anything is noted or learned.
    """
    reported: dict[Fault, float] = {}

    def forget(path: str) -> None:
        for trouble in [one for one in reported if one.path == path]:
            del reported[trouble]

    def pass_on(activity: Activity) -> None:
        match activity:
            case Fault():
                now = timer()
                for old in [one for one, at in reported.items() if now - at >= AGAIN_SECONDS]:
                    del reported[old]
                if activity in reported:
                    return
                reported[activity] = now
            case Decided(path=path) | UserAction(path=path):
                forget(path)
            case Note() | TrainingEnded():
                forget("")
        report(activity)

    return pass_on
