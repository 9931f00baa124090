"""What decides which features a video gets. Light: the daemon reads it, the worker obeys it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ModelChoice = Literal["auto", "clip", "embedded"]


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """The `features:` part of the config as plain values.

    `weights` is an open_clip tag or a path to a checkpoint; `whisper` is a size such as "base", a path to a
    CTranslate2 folder, or "off"; `device` is "auto", "cpu" or "cuda"; `batch_size` is None to find it from memory.
    """

    models: ModelChoice = "auto"
    clip_model: str = "ViT-B-32-quickgelu"
    weights: str = "openai"
    whisper: str = "base"
    frames: int = 5
    device: str = "auto"
    batch_size: int | None = None


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """The id of everything that changes a vector (models, weights, frames, fusion) and the widths of its halves.

    Vectors of two spaces never meet. `models` is "clip" or "embedded"; `device` says where the models run and does
    not take part in the id.
    """

    id: str
    widths: tuple[int, int]
    models: str
    device: str
