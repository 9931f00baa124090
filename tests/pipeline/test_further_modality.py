"""A further modality is written and named in one place, and store, training and prediction take it from there."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.films import film
from support.running import Running, Words
from support.workspace import Clock, Workspace

from sorterd.classifier.model_file import load_classifier
from sorterd.features.extractor import Extractor, space_of
from sorterd.features.fusion import EXTRACTED, EncodedVideo, ExtractedModality, Vector
from sorterd.features.models import Models, resolve
from sorterd.features.settings import FeatureSettings, Placement
from sorterd.store.rows import Rows
from sorterd.worker.child.jobs import Jobs
from sorterd.worker.embed_messages import TextEmbedded
from sorterd.worker.job_messages import Job, Train
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Report

RED, BLUE = (200, 20, 20), (20, 20, 200)
SETTINGS = FeatureSettings(models="embedded", whisper="off", device="cpu")


def colour(video: EncodedVideo, _width: int) -> Vector:
    mean = np.mean([picture.mean(axis=(0, 1)) for picture in video.decoded.pictures], axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


COLOUR = ExtractedModality("colour", lambda _towers: 3, colour)


class RealJobs(Words):
    """A worker's jobs in this process, with real models and one modality more."""

    def __init__(self, clock: Clock, artifacts: Path, models: Models) -> None:
        super().__init__(clock)
        artifacts.mkdir(parents=True)
        self._child = Jobs(Setup(SETTINGS, os.fsencode(artifacts)), self._send, self._load)
        self._models = models

    def _send(self, report: Report | TextEmbedded) -> None:
        assert not isinstance(report, TextEmbedded)
        self.report(report)

    def _load(self, settings: FeatureSettings, _placed: Callable[[Placement], object]) -> Extractor:
        return Extractor(settings, self._models, (*EXTRACTED, COLOUR))

    def submit(self, job: Job) -> None:
        self.jobs.append(job)
        self._child.do(replace(job, candidates=("knn", "logreg")) if isinstance(job, Train) else job)


@pytest.fixture(scope="module")
def models() -> Models:
    return resolve(SETTINGS)


@pytest.mark.slow  # real models
def test_it_is_extracted_stored_learned_from_and_explained(tmp_path: Path, models: Models) -> None:
    workspace = Workspace(tmp_path / "videos", tmp_path / "state")
    workspace.lay_out({"roses": {}, "skies": {}})
    for number in range(2):
        film(workspace.root / "roses" / f"{number}.mp4", seconds=0.5, colours=[RED, (180, 20, 30 + number)])
        film(workspace.root / "skies" / f"{number}.mp4", seconds=0.5, colours=[BLUE, (20, 30 + number, 180)])
    film(workspace.root / "new.mp4", seconds=0.5, colours=[RED, (190, 30, 20)])
    running = Running(workspace, RealJobs(workspace.clock, tmp_path / "state" / "artifacts", models)).run()

    space = running.loop.pipeline.in_use.space
    assert space is not None
    assert [one.name for one in space.extracted] == ["pictures", "speech", "colour"]
    assert space.id != space_of(SETTINGS, models, "cpu").id, "what was extracted without it is extracted again"
    (new,) = [file.fingerprint for file in workspace.store.files.inbox()] or [workspace.content("roses/new.mp4")]
    row = Rows(workspace.store.connection, space).get(new)
    assert row is not None
    vector = np.frombuffer(row.vector, "<f4")
    assert vector.size == space.width == sum(models.towers.widths) + 3
    assert vector[-3] > 0.9 > vector[-1]

    classifier = load_classifier(tmp_path / "state" / "artifacts", feature_space=space.model_id)
    assert tuple(classifier.widths) == space.widths
    assert workspace.store.predictions.all()[new].folder == "roses"
    explanation = classifier.explain(vector, vector[None], ["roses"])
    assert len(explanation.modalities) == 3

    jobs = len(running.worker.jobs)
    running.restart().run()
    assert len(running.worker.jobs) == jobs, "the space is remembered, and nothing is done again"


def test_the_space_of_a_library_without_it_keeps_its_name(models: Models) -> None:
    assert space_of(SETTINGS, models, "cpu").id == "embedded-e1392bc746af8055"
