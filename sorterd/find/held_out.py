"""What the model in use said of each labelled video while it had not been trained on it.

The training keeps that beside the model, as plain JSON, so that a page can be served without loading a classifier.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sorterd.artifact_names import MODEL_CONFIG, TRAINED_ON
from sorterd.prediction import HeldOutPrediction


def read_held_out(artifacts: Path) -> dict[str, HeldOutPrediction]:
    """Return the predictions by fingerprint, none if there is no model or the two files are of different trainings."""
    config, note = _read(artifacts / MODEL_CONFIG), _read(artifacts / TRAINED_ON)
    outcomes, videos = config.get("held_out"), note.get("fingerprints")
    if not (isinstance(outcomes, list) and isinstance(videos, list) and len(outcomes) == len(videos)):
        return {}
    if note.get("stamp") != config.get("stamp"):
        return {}
    try:
        return {video: HeldOutPrediction(**one) for video, one in zip(videos, outcomes, strict=True) if one is not None}
    except TypeError:  # written by another version
        return {}


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):  # the next training writes it again
        return {}
    return found if isinstance(found, dict) else {}
