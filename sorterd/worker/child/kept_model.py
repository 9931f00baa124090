"""The model in the artifacts folder, kept in memory as long as its file stays the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sorterd.artifact_names import MODEL_CONFIG
from sorterd.worker.child.loading import JobRefused

if TYPE_CHECKING:  # importing it loads the classifier's libraries
    from sorterd.classifier import Classifier


class NoSuchModel(JobRefused):
    """The model cannot be used. The message says why."""


class KeptModel:
    """The model in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: tuple[tuple[int, ...], Classifier, str] | None = None  # the file's stamp, the model, trained_at

    def keep(self, classifier: Classifier, trained_at: str) -> None:
        """Keep the model that was just written."""
        self._kept = (self._stamp(), classifier, trained_at)

    def read(self, trained_at: str) -> Classifier:
        """Return the model. It is read again if the file has changed.

        Raise NoSuchModel if there is none, if it is damaged, or if it is not the one of `trained_at` ("": any).
        """
        try:
            stamp = self._stamp()
        except FileNotFoundError as error:
            raise NoSuchModel("there is no model yet: nothing has been learned") from error
        if self._kept is None or self._kept[0] != stamp:
            from sorterd.classifier.model_file import ModelFileError, load_classifier, load_config

            try:
                self._kept = (stamp, load_classifier(self._folder), load_config(self._folder)["trained_at"])
            except ModelFileError as error:
                raise NoSuchModel(str(error)) from error
        _, classifier, found = self._kept
        if trained_at not in ("", found):
            raise NoSuchModel(f"the model in {self._folder} is of {found}, not of {trained_at}: train again")
        return classifier

    def _stamp(self) -> tuple[int, ...]:
        status = (self._folder / MODEL_CONFIG).stat()  # the file that is written last
        return (status.st_ino, status.st_size, status.st_mtime_ns)
