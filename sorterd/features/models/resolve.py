"""From the config to loaded models: CLIP from the hub or from a local file, or the packaged set."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import torch

from sorterd.features import device as devices
from sorterd.features.encoder import Towers
from sorterd.features.models import embedded, hub, local, roberta, whisper
from sorterd.features.models.errors import ModelsUnavailable, unavailable
from sorterd.features.models.hashes import sha256
from sorterd.features.models.lean import only_clip
from sorterd.features.settings import FeatureSettings
from sorterd.features.speech import WhisperFiles

PREPROCESS = ("mean", "std", "interpolation", "resize_mode")


@dataclass(frozen=True, slots=True)
class ResolvedModels:
    """Which models will be used and where their files are. `weights` is None for the embedded towers.

    `tokenizer` is None for towers whose tokenizer comes with open_clip. `unnamed` is what else must be part of the
    feature space. `speech` is False for `whisper: off`. `whisper` is None for the packaged Whisper.
    """

    models: Literal["clip", "embedded"]
    weights: Path | None = None
    preprocess: Mapping[str, Any] = field(default_factory=dict)
    tokenizer: Path | None = None
    unnamed: Mapping[str, Any] = field(default_factory=dict)
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
    even if the hub cannot be reached. Raise ModelsUnavailable, which says what to do, if there is nothing to load.
    """
    settings = settings.with_clip()
    towers = ResolvedModels("embedded") if settings.models == "embedded" else _clip(settings, fetch=fetch)
    if towers is None and settings.models == "auto" and embedded.installed():
        towers = ResolvedModels("embedded")
    if towers is None:
        raise unavailable(f"CLIP {settings.clip_model} {settings.weights!r} is not here and could not be fetched")
    if towers.models == "embedded" and not embedded.installed():
        raise unavailable("the embedded models are not installed")
    if settings.whisper == "off":
        return replace(towers, speech=False)
    return replace(towers, whisper=whisper.find(settings.whisper, fetch=fetch))


def resolve(settings: FeatureSettings, precision: torch.dtype | None = None) -> Models:
    """Load and check the models that the settings mean. Raise ModelsUnavailable, see `find`.

    `precision` is that of the image tower, None for the best one on the device.
    """
    settings = settings.with_clip()
    found = find(settings, fetch=True)
    listener = whisper.load(found.whisper) if found.speech else None
    if precision is None:
        placement = devices.place(settings, found.models, listens=found.speech)
        precision = devices.image_precision(torch.device(placement.towers))
    if found.weights is None:
        return Models("embedded", embedded.NAME, embedded.weights_id(), embedded.load(precision), listener)
    from sorterd.features.models import folder

    towers = folder.load_checkpoint(
        settings.clip_model, found.weights, found.preprocess, precision, tokenizer_file=found.tokenizer
    )
    return Models("clip", settings.clip_model, digest(found), towers, listener)


def digest(found: ResolvedModels) -> str:
    """Return a name for the files of the towers, which is the SHA-256 of the weights if nothing else matters."""
    assert found.weights is not None
    weights = sha256(found.weights)
    more = dict(found.unnamed)
    if found.tokenizer is not None:
        more["tokenizer"] = sha256(found.tokenizer)
    return hashlib.sha256(json.dumps([weights, more], sort_keys=True).encode()).hexdigest() if more else weights


def fetch(settings: FeatureSettings) -> list[str]:
    """Fetch the missing models. Return one line for each model that is now here."""
    found = find(settings, fetch=True)
    lines = [f"image and text: {found.weights or f'packaged ({embedded.NAME})'}"]
    if found.tokenizer is not None:
        lines.append(f"tokenizer: {found.tokenizer}")
    lines.append(f"speech: {found.whisper or 'packaged (Whisper base)'}" if found.speech else "speech: off")
    return lines


def _clip(settings: FeatureSettings, *, fetch: bool) -> ResolvedModels | None:
    """Return CLIP's files: local ones, or those of a tag, or None if one is missing and cannot be fetched."""
    with only_clip(settings):  # imported only here: the embedded models do without it
        from open_clip import get_model_config
        from open_clip.pretrained import get_pretrained_cfg, list_pretrained_tags_by_model

    model = settings.clip_model
    description = get_model_config(model) or {}
    own_tokenizer = roberta.shape_of(description) is not None
    tag = get_pretrained_cfg(model, settings.weights)
    path = Path(settings.weights)
    if not tag or path.is_file():
        if not path.exists():
            tags = ", ".join(list_pretrained_tags_by_model(model)) or "none"
            raise ModelsUnavailable(
                f"features.clip.weights is {settings.weights!r}, which is neither a file nor a tag of "
                f"{model} (its tags: {tags})"
            )
        here = local.find(path, description)
        if own_tokenizer and here.tokenizer is None:
            raise ModelsUnavailable(
                f"features.clip.weights: {model} needs its {local.TOKENIZER} beside {here.weights}; it is in the same "
                "repository of the model hub"
            )
        tokenizer = here.tokenizer if own_tokenizer else None
        return ResolvedModels("clip", here.weights, here.preprocess, tokenizer, unnamed=here.preprocess)
    if tag.get("quick_gelu") and "quickgelu" not in model:
        raise ModelsUnavailable(  # open_clip only warns, and gives worse vectors
            f"features.clip.weights {settings.weights!r} need features.clip.model {model}-quickgelu"
        )
    weights = hub.clip_weights(tag, fetch=fetch)
    tokenizer = hub.tokenizer(tag, fetch=fetch) if own_tokenizer else None
    if weights is None or (own_tokenizer and tokenizer is None):
        return None
    return ResolvedModels("clip", weights, {key: tag[key] for key in PREPROCESS if tag.get(key) is not None}, tokenizer)
