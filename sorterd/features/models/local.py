"""CLIP models in local files: a checkpoint alone, or a folder like a repository of the model hub."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sorterd.features.models.errors import ModelsUnavailable

SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")
CHECKPOINTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_pytorch_model.bin")
"""open_clip's names, best first. A `model.safetensors` beside them is for transformers."""

TOKENIZER = "tokenizer.json"
DESCRIPTION = "open_clip_config.json"
MAX_DESCRIPTION = 2**20

USUAL = {
    "mean": (0.48145466, 0.4578275, 0.40821073),
    "std": (0.26862954, 0.26130258, 0.27577711),
    "resize_mode": "shortest",
}
"""How pictures are prepared for OpenAI's CLIP, and for others if nothing else is said."""


@dataclass(frozen=True, slots=True)
class LocalClip:
    """The files of one model. `preprocess` is what differs from `USUAL`. `tokenizer` is None if there is none."""

    weights: Path
    tokenizer: Path | None
    preprocess: Mapping[str, Any] = field(default_factory=dict)


def find(path: Path, description: Mapping[str, Any]) -> LocalClip:
    """Return the model in a file or a folder, given open_clip's description of the model that it should be.

    Only a folder is asked how pictures are prepared. Raise ModelsUnavailable.
    """
    folder = path if path.is_dir() else path.parent
    tokenizer = folder / TOKENIZER
    preprocess = _preprocess(folder, description) if path.is_dir() else {}
    weights = _checkpoint_in(path) if path.is_dir() else path
    return LocalClip(weights, tokenizer if tokenizer.is_file() else None, preprocess)


def _checkpoint_in(folder: Path) -> Path:
    for name in CHECKPOINTS:
        if (folder / name).is_file():
            return folder / name
    found = sorted(path.name for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file())
    if len(found) == 1:
        return folder / found[0]
    says = f"has several checkpoints ({', '.join(found)}): name one" if found else f"has no {' or '.join(CHECKPOINTS)}"
    raise ModelsUnavailable(f"features.clip.weights: {folder} {says}")


def _preprocess(folder: Path, description: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the folder's own description says about pictures, if it is that of the wanted model."""
    file = folder / DESCRIPTION
    if not file.is_file():
        return {}
    try:
        if file.stat().st_size > MAX_DESCRIPTION:
            raise ValueError("it is too large")
        own = json.loads(file.read_bytes())
        model, says = own["model_cfg"], own.get("preprocess_cfg", {})
        another = next((key for key in ("embed_dim", "quick_gelu") if model.get(key) != description.get(key)), None)
        prepared = {key: tuple(value) if isinstance(value, list) else value for key, value in says.items()}
        unusual = {key: prepared[key] for key in USUAL if prepared.get(key, USUAL[key]) != USUAL[key]}
        wrong = [key for key, value in unusual.items() if not _fits(key, value)]
        if wrong:
            raise ValueError(f"its {wrong[0]} is no such value")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelsUnavailable(f"features.clip.weights: {file} cannot be used: {error}") from error
    if another:
        raise ModelsUnavailable(
            f"features.clip.model is another model than the one in {folder}: {another} is {description.get(another)} "
            f"there and {model.get(another)} here"
        )
    return unusual


def _fits(key: str, value: object) -> bool:
    if key == "resize_mode":
        return value in ("shortest", "squash", "longest")
    if not isinstance(value, tuple) or len(value) != 3:
        return False
    return all(isinstance(one, float | int) and math.isfinite(one) and (key == "mean" or one > 0) for one in value)
