"""What a search means: its vector, by each text tower that the library's vectors were made with."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sorterd.features import words
from sorterd.features.settings import FeatureSettings, FeatureSpace
from sorterd.service.control import NoAnswer, NotRunning, ask

Meaning = Mapping[str, NDArray[np.float32]]
"""The unit vector of a search by the id of a feature space or the name of a tower of words."""

HELD_SECONDS = 5.0
"""Seconds to wait for the service. It answers after two at most, also where its worker is busy."""
LOADED_SECONDS = 60.0
"""The same where it is to load its models first."""


class NotTheSameModels(Exception):
    """The models at hand are others than those that the library's vectors were made with."""


def meaning_by_service(state_dir: Path, search: str, widths: Mapping[str, int], *, load: bool = False) -> Meaning:
    """Return the vectors by those of the towers that the running service has loaded: none if there is no service.

    `widths` are how many numbers the vectors of each tower have. `load`: have it load what it has not.
    """
    request = {"do": "embed", "text": search, "towers": list(widths), "load": load}
    try:
        answer = ask(state_dir, request, LOADED_SECONDS if load else HELD_SECONDS)
    except (NotRunning, NoAnswer):
        return {}
    found = {}
    for tower, text in answer.get("vectors", {}).items():  # a service of an earlier version refuses
        vector = base64.b64decode(text)
        if len(vector) == 4 * widths.get(tower, 0):
            found[tower] = np.frombuffer(vector, "<f4")
    return found


def meaning_by_models(search: str, towers: Collection[str], settings: FeatureSettings, space: FeatureSpace) -> Meaning:
    """Load these towers here. Heavy. Raise ModelsUnavailable or NotTheSameModels, each with what to do."""
    found: dict[str, NDArray[np.float32]] = {}
    if space.id in towers:
        found[space.id] = _by_extractor(search, settings, space)
    for modality in words.MODALITIES:
        if modality.tower in towers:
            from sorterd.features.text_tower import TOWERS

            found[modality.tower] = np.asarray(TOWERS[modality.tower]().texts([search])[0])
    return found


def _by_extractor(search: str, settings: FeatureSettings, space: FeatureSpace) -> NDArray[np.float32]:
    import torch

    from sorterd.features.encoder import Encoder
    from sorterd.features.extractor import space_of
    from sorterd.features.models.resolve import resolve

    models = resolve(settings)
    found = space_of(settings, models, "cpu")
    if found.id != space.id:
        raise NotTheSameModels(f"the models at hand make features of {found.id}, the library has those of {space.id}")
    return np.asarray(Encoder(models.towers, torch.device("cpu")).texts([search])[0])
