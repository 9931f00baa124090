"""The stage that predicts where videos belong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.in_flight import Given
from sorterd.pipeline.jobs import PipelineSettings, rejected_rows
from sorterd.pipeline.model_in_use import model_in_use, predictor_id
from sorterd.pipeline.stranger_share import stranger_share
from sorterd.pipeline.training import Training
from sorterd.prediction import Prediction
from sorterd.store.rows import Rows
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import FeatureRow, Predict
from sorterd.worker.report_messages import DeviceRefused, JobFailed, Predicted, Report

BATCH = 1000


@dataclass(slots=True)
class Predicting:
    """Asks the model in use for what it has not predicted yet."""

    store: Store
    settings: PipelineSettings
    clock: Callable[[], float]
    in_use: SpaceInUse
    training: Training

    def due(self) -> bool:
        """Return whether there is a model, and a video that it has not predicted."""
        predictor = self.training.predictor(self.in_use.space)
        return predictor is not None and self.in_use.backlog.any_unpredicted(predictor)

    def job(self, number: int) -> Predict:
        """Return a job for the next videos, with what the user took out of folders."""
        space = self.in_use.space
        model = model_in_use(self.store.notes, space)
        assert space is not None
        assert model is not None
        strangers, rows = stranger_share(self.store, model), Rows(self.store.connection, space)
        due = self.in_use.backlog.unpredicted(predictor_id(model, self.settings.threshold, strangers), BATCH)
        return Predict(
            number,
            tuple(FeatureRow(video, path, row.vector) for video, path in due if (row := rows.get(video)) is not None),
            top_k=self.settings.top_k,
            threshold=self.settings.threshold,
            trained_at=str(model["trained_at"]),
            rejected=rejected_rows(self.store, space),
            strangers=strangers,
            modalities=space.modalities,
        )

    def take(self, report: Report | WorkerLost, _given: Given) -> bool:
        """Record predictions. If the model file is damaged or gone, have another model made."""
        match report:
            case Predicted():
                predictor = self.training.predictor(self.in_use.space) or ""
                with self.store.transaction():
                    for video, prediction in report.predictions:
                        said = prediction if self._may_move_on(video) else _first_guess(prediction)
                        self.store.predictions.put(video, predictor, said, now=self.clock())
            case JobFailed() | DeviceRefused():
                self.training.model_lost()
                return False
            case WorkerLost():
                return False
        return True

    def news(self, report: Report | WorkerLost) -> set[str]:
        """Return the videos that this report predicts and that may be moved for it."""
        predictions = report.predictions if isinstance(report, Predicted) else ()
        return {video for video, _ in predictions if self._may_move_on(video)}

    def _may_move_on(self, video: str) -> bool:
        """Return whether the model's prediction of this video is more than a first guess."""
        space = self.in_use.space
        return space is not None and not self.training.guesses and self.store.features.has(video, space.id)


def _first_guess(prediction: Prediction) -> Prediction:
    """Return a prediction from captions as one on which nothing is moved."""
    return replace(prediction, move=False, reason=f"a first guess, from captions alone: {prediction.reason}")
