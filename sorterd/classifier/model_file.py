"""`model.pt` (tensors only, no pickle is ever run) and `model_config.json`, written whole or not at all."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from sorterd.artifact_names import MODEL, MODEL_CONFIG
from sorterd.artifacts import write_whole
from sorterd.classifier.arrays import Floats
from sorterd.classifier.classifier import Classifier
from sorterd.classifier.coefficients import Coefficients
from sorterd.classifier.confidence import Usual
from sorterd.classifier.decision import DecisionRules
from sorterd.classifier.heads import KIND
from sorterd.classifier.heads.prototypes import Prototypes
from sorterd.classifier.held_out import CandidateResult
from sorterd.classifier.names import Names
from sorterd.classifier.scorers import Scorers
from sorterd.classifier.similarity import Similarity
from sorterd.classifier.tensor_file import read_tensors, write_tensors
from sorterd.prediction import HeldOutPrediction

FORMAT = 8


class ModelFileError(Exception):
    """The saved model cannot be used; the message says what is wrong. Training again mends it."""


def save_classifier(classifier: Classifier, folder: Path, *, feature_space: str, trained_at: str) -> dict[str, Any]:
    """Write both files into `folder` (made if missing) and return the content of `model_config.json`.

    `trained_at` is ISO 8601. The tensors go first and the config carries their hash: after a crash between the two, or
    damage, `load_classifier` sees that they do not belong together.
    """
    content, shapes = write_tensors(_arrays(classifier))
    config = _config(classifier) | {
        "feature_space": feature_space,
        "trained_at": trained_at,
        "tensors": shapes,
        "stamp": _stamp(content),
    }
    config["sum"] = _sum(config)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(config, indent=2, ensure_ascii=True) + "\n"
    write_whole(folder / MODEL, lambda file: file.write(content))
    write_whole(folder / MODEL_CONFIG, lambda file: file.write(text.encode()))
    return config


def load_classifier(folder: Path, *, feature_space: str | None = None) -> Classifier:
    """Return the classifier saved in `folder`. With `feature_space`, also check that it was trained on such vectors.

    Raise `ModelFileError` when a file is missing, truncated, not ours, of another version or of another feature space.
    """
    config = load_config(folder)
    if feature_space is not None and config["feature_space"] != feature_space:
        raise ModelFileError(
            f"{folder / MODEL_CONFIG} was trained on features of {config['feature_space']!r}, but they are now "
            f"{feature_space!r}: train again"
        )
    path = folder / MODEL
    content = _read(path)
    # Before anything is parsed: a damaged file may hold wrong numbers.
    if _stamp(content) != config.get("stamp"):
        raise ModelFileError(f"{path} is damaged, or not of the same training as {MODEL_CONFIG}: train again")
    try:
        return _classifier(config, read_tensors(content, config["tensors"]))
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, RuntimeError, BadZipFile) as error:
        raise ModelFileError(
            f"{path} and {MODEL_CONFIG} do not fit together ({_first_line(error)}): train again"
        ) from error


def load_config(folder: Path) -> dict[str, Any]:
    """Return what `model_config.json` says. Raise `ModelFileError` if it is missing, not ours or of another version."""
    path = folder / MODEL_CONFIG
    try:
        config = json.loads(_read(path))
    except ValueError as error:
        raise ModelFileError(f"{path} is damaged ({_first_line(error)}): train again") from error
    if not isinstance(config, dict) or "format" not in config:
        raise ModelFileError(f"{path} is not a model of ours: train again")
    if config["format"] != FORMAT:
        raise ModelFileError(f"{path} has format {config['format']}, this version reads {FORMAT}: train again")
    if config.get("sum") != _sum(config):
        raise ModelFileError(f"{path} is damaged: train again")
    return config


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelFileError(f"{path} is missing: train again") from None
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror}): train again") from error


def _config(classifier: Classifier) -> dict[str, Any]:
    rules, coefficients = classifier.rules, classifier.coefficients
    return {
        "format": FORMAT,
        "model_type": classifier.kind,
        "label_names": list(rules.folders[: classifier.scorers.count]),
        "empty_folders": list(rules.folders[classifier.scorers.count :]),
        "videos": list(rules.videos),
        "feature_dim": sum(classifier.widths),
        "blocks": list(classifier.widths),
        "best_cv_accuracy": classifier.accuracy,
        "heads": list(classifier.scorers.heads),
        "candidates": {kind: dataclasses.asdict(result) for kind, result in classifier.candidates.items()},
        "calibration": {
            "threshold": rules.threshold,
            "min_per_category": rules.min_per_category,
            "intercept": coefficients.intercept,
            "coefficients": dict(coefficients.weights),
        },
        "held_out": [None if o is None else dataclasses.asdict(o) for o in classifier.held_out],
    }


def _arrays(classifier: Classifier) -> dict[str, Floats]:
    parts: dict[str, Any] = {
        f"{kind}.{i}": head for kind, heads in classifier.scorers.heads.items() for i, head in enumerate(heads)
    }
    parts |= {f"names.{i}": names for i, names in enumerate(classifier.scorers.names)}
    parts |= {f"similarity.{i}": prototypes for i, prototypes in enumerate(classifier.similarity.prototypes)}
    parts["usual"] = classifier.usual
    arrays: dict[str, Floats] = {
        "weights": classifier.weights,
        "similarity_weights": classifier.similarity.weights,
        "rejected": classifier.rejected,
    }
    for part, value in parts.items():
        arrays |= {f"{part}.{field.name}": getattr(value, field.name) for field in dataclasses.fields(value)}
    return arrays


def _classifier(config: Mapping[str, Any], tensors: Mapping[str, Floats]) -> Classifier:
    def build(cls: Any, part: str) -> Any:
        return cls(**{field.name: tensors[f"{part}.{field.name}"] for field in dataclasses.fields(cls)})

    folders = (*config["label_names"], *config["empty_folders"])
    calibration = config["calibration"]
    modalities = range(len(config["blocks"]))
    return Classifier(
        kind=config["model_type"],
        widths=tuple(config["blocks"]),
        rules=DecisionRules(
            folders, tuple(config["videos"]), calibration["threshold"], calibration["min_per_category"]
        ),
        scorers=Scorers(
            heads={kind: tuple(build(KIND[kind], f"{kind}.{i}") for i in modalities) for kind in config["heads"]},
            names=tuple(build(Names, f"names.{i}") for i in modalities),
            count=len(config["label_names"]),
        ),
        weights=tensors["weights"],
        similarity=Similarity(
            tuple(build(Prototypes, f"similarity.{i}") for i in modalities), tensors["similarity_weights"]
        ),
        rejected=tensors["rejected"],
        usual=build(Usual, "usual"),
        coefficients=Coefficients(calibration["intercept"], calibration["coefficients"]),
        accuracy=config["best_cv_accuracy"],
        candidates={kind: CandidateResult(**result) for kind, result in config["candidates"].items()},
        held_out=tuple(None if o is None else HeldOutPrediction(**o) for o in config["held_out"]),
    )


def _stamp(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sum(config: Mapping[str, Any]) -> str:
    """Return the check sum of all but itself: a threshold with a flipped bit looks like another."""
    return _stamp(json.dumps({key: config[key] for key in config if key != "sum"}, sort_keys=True).encode())


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
