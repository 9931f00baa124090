"""A further modality that is made of words is named in one place, and its vectors are made and learned from."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.running import LIBRARY, Running, Words
from support.workspace import Clock, Workspace

from sorterd.captions.hashtags import Vocabulary
from sorterd.features import text_tower, words
from sorterd.features.settings import FeatureSettings, Modality
from sorterd.store.rows import Rows
from sorterd.worker import validate
from sorterd.worker.child.jobs import Jobs
from sorterd.worker.embed_messages import TextEmbedded
from sorterd.worker.job_messages import Job, Read, Train
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Report

LENGTH = Modality("length", 2, "length-1")
BOTH = (Modality("caption", 3, "small-1"), LENGTH)


class Small:
    """A tower that is a few lines: a unit vector in which the number of letters is an angle."""

    vocabulary = Vocabulary()

    def __init__(self, width: int) -> None:
        self.width = width

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        angles = np.array([[len(text) / 100] * self.width for text in texts], np.float32)
        angles[:, 1:] += 1
        return np.asarray(angles / np.linalg.norm(angles, axis=1, keepdims=True), np.float32)


class Readers(Words):
    """Reads captions by a worker's jobs; the rest is as usual."""

    def __init__(self, clock: Clock, artifacts: Path) -> None:
        super().__init__(clock, width=32)
        setup = Setup(FeatureSettings(), os.fsencode(artifacts))
        self._child = Jobs(setup, self._checked, confine=lambda: None)

    def _checked(self, report: Report | TextEmbedded) -> None:
        assert not isinstance(report, TextEmbedded)
        validate.check(report, self.jobs[-1])
        self.report(report)

    def submit(self, job: Job) -> None:
        if isinstance(job, Read):
            self.jobs.append(job)
            self._child.do(job)
        else:
            super().submit(job)


def test_its_vectors_are_made_stored_and_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MODALITIES", BOTH)
    monkeypatch.setattr(text_tower, "TOWERS", {one.tower: lambda one=one: Small(one.width) for one in BOTH})
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", captions=True)
    workspace.lay_out({**LIBRARY, "new.mp4": b"lion 1", "new.txt": b"a lion in the zoo #lions"})
    (tmp_path / "artifacts").mkdir()
    running = Running(workspace, Readers(workspace.clock, tmp_path / "artifacts")).run()
    space = running.loop.pipeline.in_use.space
    assert space is not None
    assert [one.name for one in space.modalities] == ["pictures", "speech", "caption", "length"]
    assert space.model_id == "words-1+small-1+length-1"
    row = Rows(workspace.store.connection, space).get(workspace.at("new.mp4").fingerprint)
    assert row is not None
    caption, length = np.split(np.frombuffer(row.vector[4 * space.extracted_width :], "<f4"), [3])
    assert np.allclose([np.linalg.norm(caption), np.linalg.norm(length)], 1)
    (train,) = running.worker.given(Train)
    assert train.modalities == space.modalities
    reads = running.worker.count(Read)
    running.restart().run()
    assert running.worker.count(Read) == reads
