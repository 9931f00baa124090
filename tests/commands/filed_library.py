"""A library in which we have moved something, and what `sorterd` prints for it."""

from pathlib import Path
from typing import Any

from support.typed import Said, asked
from support.workspace import Clock, Workspace

from sorterd.config import load_config
from sorterd.features.settings import FeatureSpace, extracted_modalities
from sorterd.pipeline import feature_space
from sorterd.pipeline.model_in_use import predictor_id
from sorterd.prediction import Prediction
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.store.features import Features
from sorterd.store.settings import MODEL as MODEL_IN_USE

MODEL = {
    "model_type": "knn", "trained_at": "2026-01-31T12:00:00+00:00", "best_cv_accuracy": 0.9, "label_names": ["cats"],
    "feature_space": "space-1",
}  # fmt: skip


class Library:
    """A config, and what `sorterd` prints for it."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config.yaml"
        self.config.write_text(
            "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 0}\nfeatures: {captions: false}\n"
        )
        self.workspace = Workspace(folder / "videos", folder / "state", Clock())
        self.workspace.take_in(
            {"a.mp4": b"one", "b.mp4": b"two", "odd\x1b.mp4": b"three", "cats": {"old.mp4": b"four"}}
        )
        for path in ("a.mp4", "b.mp4"):
            self.workspace.sort(path)
        self.predict()
        self.workspace.close()

    def predict(self) -> None:
        """A model is in use and has predicted what is left in the inbox."""
        notes, settings = self.workspace.store.notes, load_config(self.config).feature_settings()
        feature_space.remember(notes, settings, FeatureSpace("space-1", extracted_modalities(1, 1), "embedded", "cpu"))
        MovingPauses(self.workspace.store).note_first_version()
        notes.put(MODEL_IN_USE, MODEL)
        content, predictor = self.workspace.at("odd\x1b.mp4").fingerprint, predictor_id(MODEL, 0.85)
        prediction = Prediction("cats", 0.4, (("cats", 0.4), ("dogs", 0.3)), False, "not sure enough")
        self.workspace.store.features.add(Features(content, b"\0\0\0\0", "", "", "none"), "space-1", now=1.0)
        self.workspace.store.predictions.put(content, predictor, prediction, now=1.0)

    def on_disk(self) -> set[str]:
        root = self.workspace.root
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    def type(self, *arguments: str) -> Said:
        return asked(self.config, *arguments)

    def json(self, *arguments: str) -> Any:
        return self.type(*arguments, "--json").json
