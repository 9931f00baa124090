"""What a search means: its vector, by the text tower that the library's vectors were made with. Heavy: loads models."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sorterd.features.settings import FeatureSettings, FeatureSpace


class NotTheSameModels(Exception):
    """The models at hand are others than those that the library's vectors were made with."""


def meaning(search: str, settings: FeatureSettings, space: FeatureSpace) -> NDArray[np.float32]:
    """Return the unit vector of a search. Raise ModelsUnavailable or NotTheSameModels; each says what to do."""
    import torch

    from sorterd.features.encoder import Encoder
    from sorterd.features.extractor import space_of
    from sorterd.features.models.resolve import resolve

    models = resolve(settings)
    found = space_of(settings, models, "cpu")
    if found.id != space.id:
        raise NotTheSameModels(f"the models at hand make features of {found.id}, the library has those of {space.id}")
    return np.asarray(Encoder(models.towers, torch.device("cpu")).texts([search])[0])


def meaning_of_captions(search: str) -> NDArray[np.float32]:
    """Return the unit vector of a search by the text tower of captions. Raise ModelsUnavailable."""
    from sorterd.features.text_tower import TextTower

    return np.asarray(TextTower().texts([search])[0])
