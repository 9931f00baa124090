"""The names of the files in `<state>/artifacts/`. Those that write, read or remove one import its name from here."""

from __future__ import annotations

from pathlib import Path

ARTIFACTS = "artifacts"

MODEL = "model.pt"
MODEL_CONFIG = "model_config.json"
TRAINED_ON = "trained_on.json"  # which videos the model was trained on, and a hash of what the user said of them
FOLDER_NAMES = "folder_names.npz"
FOLDER_NAMES_AS_TEXT = "folder_names_as_text.npz"
LABELED = "labeled_embeddings.pt"
UNLABELED = "unlabeled_embeddings.pt"
PREDICTIONS = "predictions.json"
TRANSCRIPTS = "transcripts.json"
REPORT = "report.html"
VECTORS = "vectors.f32"
SUGGESTIONS = "suggestions.json"

ALL = (
    MODEL,
    MODEL_CONFIG,
    TRAINED_ON,
    FOLDER_NAMES,
    FOLDER_NAMES_AS_TEXT,
    LABELED,
    UNLABELED,
    PREDICTIONS,
    TRANSCRIPTS,
    REPORT,
    VECTORS,
    SUGGESTIONS,
)
"""A name that is missing here stays when `sorterd uninstall --state` removes the others."""


def artifacts_folder(state_dir: Path) -> Path:
    """Return where the artifacts of a state folder lie."""
    return state_dir / ARTIFACTS
