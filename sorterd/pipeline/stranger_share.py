"""The share of videos that belong nowhere, as it was learned for the model in use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from statistics import median
from typing import Any

from sorterd.store.settings import STRANGERS
from sorterd.store.store import Store
from sorterd.strangers import CALIBRATED_FROM, HALF, at_a_half, in_steps, shared


def stranger_share(store: Store, model: Mapping[str, Any]) -> float:
    """Return the share that this model is asked with: a half until one was learned for it."""
    note = store.notes.get(STRANGERS)
    return float(note["share"]) if note is not None and note["model"] == model["trained_at"] else HALF


@dataclass(slots=True)
class ShareLearner:
    """Learns the share whenever the store has changed and everything is predicted.

    It is worked out from all predictions, without the share before it, so that it depends only on the model and on the
    set of videos, in whatever order they came.
    """

    store: Store
    _seen: int = -1

    def learn(self, model: Mapping[str, Any], predictor: str, filed: Collection[int]) -> bool:
        """Note the share for `model`, and return whether it is another one than before.

        `predictor` made the predictions. `filed` counts the videos of each folder.
        """
        if self.store.changes() == self._seen:
            return False
        share = before = stranger_share(self.store, model)
        videos = self.store.predictions.unfiled(predictor)
        known = blake2b("".join(sorted(videos)).encode(), digest_size=16).hexdigest()
        note = self.store.notes.get(STRANGERS)
        # Once for each set of videos, because predictions change with the share, and this must end.
        if note is None or (note["model"], note.get("videos")) != (model["trained_at"], known):
            share = HALF
            if len(filed) > 1 and median(filed) >= CALIBRATED_FROM:
                share = in_steps(shared([at_a_half(one, before) for one in videos.values()]))
            self.store.notes.put(STRANGERS, {"model": model["trained_at"], "share": share, "videos": known})
        self._seen = self.store.changes()
        return share != before
