"""Load models for jobs, and the error for what a job cannot have. Heavy imports wait until they are needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sorterd.features.settings import FeatureSettings, Placement
from sorterd.worker.sandbox import seccomp

if TYPE_CHECKING:
    from sorterd.features.extractor import Extractor
    from sorterd.features.text_tower import TextTower


class JobRefused(Exception):
    """The job cannot be done, for the reason given in one sentence. The worker itself is fine."""


Load = Callable[[FeatureSettings, Callable[[Placement], object]], "Extractor"]


def load_extractor(settings: FeatureSettings, placed: Callable[[Placement], object]) -> Extractor:
    """Load the models. From then on this process has no network, among other things.

    `placed` is called with the devices. Raise JobRefused if the models cannot be loaded, DeviceFailed if a card
    refuses.
    """
    from sorterd.features.extractor import Extractor
    from sorterd.features.models import ModelsUnavailable

    try:
        extractor = Extractor.load(settings, placed)
    except ModelsUnavailable as error:
        raise JobRefused(str(error)) from error
    seccomp.give_up_calls()
    return extractor


def load_text_tower(name: str) -> TextTower:
    """Load a text tower for captions. Raise JobRefused."""
    from sorterd.features.models import ModelsUnavailable
    from sorterd.features.text_tower import TOWERS

    try:
        return TOWERS[name]()
    except ModelsUnavailable as error:
        raise JobRefused(str(error)) from error
