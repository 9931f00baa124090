"""Simulate life with one library: videos come a few at a time, sure ones are moved, the user corrects some.

The user drags every third wrong move back out, and files every fifth video that was left in the inbox although it
belongs to a folder. The model learns from that before the next videos come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from simulated import STRANGER, Case, Ints, Rows

from sorterd.classifier import share_of_strangers, train_classifier

CORRECTED_EVERY, FILED_EVERY = 3, 5


@dataclass(frozen=True, slots=True)
class Lived:
    """Counts of videos that were left to the program.

    `belonging` belong to a folder, `right` of those were moved to it, and `moved` were moved at all.
    """

    belonging: int
    right: int
    moved: int


def live(case: Case, batch: int, candidates: tuple[str, ...], seed: int, *, learn_share: bool = True) -> Lived:
    """Let the videos of the case's inbox come `batch` at a time, in an order given by `seed`.

    `learn_share`: learn the share of unknown videos from those that came, as the service does. Otherwise it is a half.
    """
    library = _Library(case, candidates)
    order = np.random.default_rng(seed).permutation(len(case.inbox))
    inbox: list[int] = []
    moved: dict[int, int] = {}
    wrong = waiting = 0
    by_user: set[int] = set()
    for start in range(0, len(order), batch):
        arrived = order[start : start + batch].tolist()
        inbox += arrived
        changed = False
        for video, folder in library.sure_of(inbox, [*inbox, *moved], learn_share):
            inbox.remove(video)
            moved[video] = folder
            if folder != case.truth[video]:
                wrong += 1
                if wrong % CORRECTED_EVERY == 0:
                    library.take_out(video)
                    by_user.add(video)
                    changed = True
        for video in [v for v in arrived if v in inbox and case.truth[v] != STRANGER]:
            waiting += 1
            if waiting % FILED_EVERY == 0:
                inbox.remove(video)
                library.file(video)
                by_user.add(video)
                changed = True
        if changed:
            library.learn()
    left = [v for v in range(len(case.inbox)) if case.truth[v] != STRANGER and (v not in by_user or v in moved)]
    return Lived(len(left), sum(folder == case.truth[v] for v, folder in moved.items()), len(moved))


class _Library:
    """The labels and rejections of the user, and the model trained on them."""

    def __init__(self, case: Case, candidates: tuple[str, ...]) -> None:
        self.case, self.candidates = case, candidates
        self.rows: list[Rows] = list(case.rows)
        self.labels: Ints = case.labels
        self.taken_out: list[Rows] = []
        self.learn()

    def learn(self) -> None:
        """Train on everything."""
        self.classifier = train_classifier(
            np.array(self.rows),
            [str(k) for k in self.labels],
            blocks=self.case.blocks,
            negatives=np.array(self.taken_out) if self.taken_out else None,
            candidates=self.candidates,
        )

    def sure_of(self, inbox: list[int], known: list[int], learn_share: bool) -> list[tuple[int, int]]:
        """Return the videos that the model is sure of, with the folder of each."""
        share = share_of_strangers(self.classifier, self.case.inbox[known]) if learn_share else 0.5
        predictions = self.classifier.predict(self.case.inbox[inbox], strangers=share)
        return [(video, int(one.folder)) for video, one in zip(inbox, predictions, strict=True) if one.move]

    def file(self, video: int) -> None:
        """File a video where it belongs, as the user."""
        self.rows.append(self.case.inbox[video])
        self.labels = np.append(self.labels, self.case.truth[video])

    def take_out(self, video: int) -> None:
        """Take a video out of a folder, as the user: to where it belongs, or back to the inbox for good."""
        self.taken_out.append(self.case.inbox[video])
        if self.case.truth[video] != STRANGER:
            self.file(video)
