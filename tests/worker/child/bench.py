"""The jobs of a worker whose towers are a few lines, and rows to train on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sorterd.features.extractor import Extraction, Extractor
from sorterd.features.settings import FeatureSettings, FeatureSpace, Placement, extracted_modalities
from sorterd.worker.child.jobs import Jobs
from sorterd.worker.child.questions import WaitingQuestions
from sorterd.worker.embed_messages import TextEmbedded
from sorterd.worker.job_messages import FeatureRow, Train
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Report

WIDTHS = (8, 4)


MODALITIES = extracted_modalities(*WIDTHS)


CENTRES = {"cats": 0, "dogs": 1}


class Towers:
    """Stands in for the models: embeds texts, and counts its calls. What it extracts are zeros."""

    space = FeatureSpace("space-1", MODALITIES, "embedded", "cpu")

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return np.eye(len(texts), WIDTHS[1], dtype=np.float32)

    def extract(self, videos: Sequence[tuple[str, bytes]], started: Callable[[str], None]) -> Iterator[Extraction]:
        for key, _ in videos:
            started(key)
            yield Extraction(key, np.zeros(sum(WIDTHS), np.float32), "", "", "none", None)


class Bench:
    """A worker's jobs without its process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.towers = Towers()
        self.loaded = 0
        self.placement = Placement("cpu", "cuda")
        self.jobs = self.another()

    def another(self) -> Jobs:
        """Return a worker that was just started on the same folder."""
        self.questions = WaitingQuestions()
        self.reports: list[Report | TextEmbedded] = []
        setup = Setup(FeatureSettings(), bytes(self.folder))
        return Jobs(setup, lambda report: self.reports.append(report), self._load, questions=self.questions)

    def _load(self, _: FeatureSettings, placed: Callable[[Placement], object]) -> Extractor:
        self.loaded += 1
        placed(self.placement)
        return cast(Extractor, self.towers)

    def do(self, job: Any) -> Any:
        self.jobs.do(job)
        return self.reports[-1]


def rows(count: int, seed: int = 0, noise: bool = False) -> tuple[FeatureRow, ...]:
    """Return videos of two folders that are easy to tell apart, or whose vectors carry no information."""
    random = np.random.default_rng(seed)
    made = []
    for n in range(count):
        label = list(CENTRES)[n % 2]
        vector = random.normal(scale=0.2, size=sum(WIDTHS))
        vector[CENTRES[label]] += 0 if noise else 1
        made.append(FeatureRow(f"f{n}", f"{label}/{n}.mp4", vector.astype("<f4").tobytes(), label))
    return tuple(made)


def training(labelled: tuple[FeatureRow, ...], **changes: Any) -> Train:
    job = Train(
        job=1,
        labelled=labelled,
        unlabeled=(),
        rejected=(),
        categories=("cats", "dogs"),
        space="space-1",
        feature_space="space-1",
        modalities=MODALITIES,
        candidates=("logreg", "knn"),
        min_per_category=1,
        now=1_700_000_000.0,
        threshold=0.5,
    )
    return replace(job, **changes)
