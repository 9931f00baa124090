"""A library for the page: a workspace in whose store a model has judged, and whose requests are carried out at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from support.workspace import Workspace

from sorterd.config import Config
from sorterd.daemon.requests import RequestRefused, Requests
from sorterd.daemon.status import predictor_in_use
from sorterd.features.settings import FeatureSpace, extracted_modalities
from sorterd.pipeline import feature_space
from sorterd.prediction import Prediction
from sorterd.store.features import Features
from sorterd.store.settings import MODEL
from sorterd.web.actions import Actions
from sorterd.web.cards import VideoCard
from sorterd.web.facts import PageFacts, places, read_facts
from sorterd.web.library import PagedLibrary
from sorterd.web.session import Session
from sorterd.web.waiting import waiting


@dataclass(slots=True)
class Shelf:
    """`asked` are the requests that reached the service."""

    workspace: Workspace
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def config(self) -> Config:
        return Config(videos=self.workspace.root, state_dir=self.workspace.state)

    def lay_out(self, tree: Mapping[str, object]) -> None:
        self.workspace.take_in(tree)

    def train(self, trained_at: str = "2026-01-31T12:00:00+00:00") -> None:
        notes = self.workspace.store.notes
        settings = self.config.feature_settings()
        found = FeatureSpace("space-1", extracted_modalities(1, 1), "embedded", "cpu")
        feature_space.remember(notes, settings, found)
        found = feature_space.with_words(found, settings)
        notes.put(
            MODEL,
            {
                "model_type": "knn",
                "trained_at": trained_at,
                "label_names": ["cats"],
                "feature_space": found.model_id,
                "best_cv_accuracy": None,
            },
        )

    def judge(self, path: str, shares: Mapping[str, float], *, move: bool = False) -> None:
        """The model in use has had its word on this video, which was extracted before."""
        extracted = Features(self.id(path), b"\0\0\0\0", "", "", "none")
        self.workspace.store.features.add(extracted, "space-1", now=1.0)
        predictor = predictor_in_use(self.config, self.workspace.store)
        assert predictor is not None
        top = tuple(shares.items())
        word = Prediction(top[0][0], top[0][1], top, move, f"looks like {top[0][0]}")
        self.workspace.store.predictions.put(self.workspace.at(path).fingerprint, predictor, word, now=1.0)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """As the control socket of a running service answers."""
        self.asked.append(request)
        try:
            return Requests(self.workspace.store, self.workspace.mover, self.workspace.clock).handle(request)
        except RequestRefused as error:
            return {"refused": str(error)}

    def actions(self) -> Actions:
        return Actions(self.ask, lambda video: places(self.config, video))

    def paged(self, session: Session | None = None) -> PagedLibrary:
        """What a page shows that was opened just now, or in this session."""
        return PagedLibrary(self.config, session or Session(), lambda: None, self.workspace.clock)

    def facts(self) -> PageFacts:
        return read_facts(self.config, now=self.workspace.clock())

    def waiting(self) -> list[VideoCard]:
        return waiting(self.facts())

    def id(self, path: str) -> str:
        return self.workspace.at(path).fingerprint
