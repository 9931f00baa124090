"""The stage that asks which models are used."""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.activity import Note, Reporter
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.in_flight import Given
from sorterd.pipeline.learnable import Learnable
from sorterd.pipeline.stage_handler import Failure
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Describe
from sorterd.worker.report_messages import Described, Report


@dataclass(slots=True)
class Describing:
    """Finds the feature space. Until then nothing can be extracted, trained or predicted."""

    in_use: SpaceInUse
    learnable: Learnable
    report: Reporter

    def due(self) -> bool:
        """Return whether the feature space is not known."""
        return self.in_use.space is None

    def job(self, number: int) -> Describe:
        """Return the question."""
        return Describe(number)

    def take(self, report: Report | WorkerLost, _given: Given) -> bool:
        """Record the answer."""
        if isinstance(report, Described):
            found = FeatureSpace(report.space, report.modalities, report.models, report.device)
            self.in_use.found(found)
            self.learnable.recount()
            self.report(Note(f"using the {found.models} models on {found.device}"))
        return not isinstance(report, Failure)
