"""The candidates: ways to score one modality of a vector against every folder. All answer to `Head`."""

from __future__ import annotations

from typing import Protocol, Self

from sorterd.classifier.arrays import Floats, Ints
from sorterd.classifier.heads.knn import NearestNeighbours
from sorterd.classifier.heads.networks import Linear, Perceptron
from sorterd.classifier.heads.prototypes import Prototypes


class Head(Protocol):
    """A fitted head is a frozen dataclass whose fields are all arrays: they are what the model file holds.

    A score is on the scale of a logit, and 0 means "says nothing": a category that the head has never seen scores 0.
    """

    def scores(self, rows: Floats) -> Floats:
        """[n, d] at unit length -> [n, categories]."""
        ...

    @classmethod
    def fit(cls, rows: Floats, categories: Ints, count: int, centre: Floats) -> Self:
        """Fit to `rows` [n, d] at unit length of `categories` [n], of which there are `count`, around `centre` [d]."""
        ...


KIND: dict[str, type[Head]] = {
    "prototypes": Prototypes,
    "logreg": Linear,
    "knn": NearestNeighbours,
    "mlp": Perceptron,
}
