"""The model in use, and the predictor: that model with the settings that it is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sorterd.features.settings import FeatureSpace
from sorterd.pipeline.stranger_share import stranger_share
from sorterd.store.notes import Notes
from sorterd.store.settings import MODEL
from sorterd.store.store import Store
from sorterd.strangers import HALF


def model_in_use(notes: Notes, space: FeatureSpace | None) -> dict[str, Any] | None:
    """Return the summary of the model in use, if it fits this feature space."""
    note = notes.get(MODEL)
    return None if note is None or space is None or note["feature_space"] != space.model_id else dict(note)


def predictor_in_use(store: Store, space: FeatureSpace | None, threshold: float) -> str | None:
    """Return the id of the predictor in use, None without a model. Predictions by another predictor are stale."""
    model = model_in_use(store.notes, space)
    return None if model is None else predictor_id(model, threshold, stranger_share(store, model))


def predictor_id(model: Mapping[str, Any], threshold: float, strangers: float = HALF) -> str:
    """Return the id of a model together with the threshold and the share of strangers that it is asked with."""
    return f"{model['trained_at']}:{threshold}" + ("" if strangers == HALF else f":{strangers:.4f}")
