"""The candidates: ways to score one modality of a vector against every folder. All answer to `Head`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sorterd.classifier.arrays import Floats, Ints
from sorterd.classifier.heads.knn import NearestNeighbours, fit_knn
from sorterd.classifier.heads.logreg import Linear, fit_logreg
from sorterd.classifier.heads.mlp import Perceptron, fit_mlp
from sorterd.classifier.heads.prototypes import Prototypes, fit_prototypes


class Head(Protocol):
    """A fitted head is a frozen dataclass whose fields are all arrays: they are what the model file holds.

    A score is on the scale of a logit, and 0 means "says nothing": a category that the head has never seen scores 0.
    """

    def scores(self, rows: Floats) -> Floats:
        """[n, d] at unit length -> [n, categories]."""
        ...


# (rows [n, d] at unit length, categories [n], number of categories, centre [d]) -> head
FitHead = Callable[[Floats, Ints, int, Floats], Head]

FIT: dict[str, FitHead] = {"prototypes": fit_prototypes, "logreg": fit_logreg, "knn": fit_knn, "mlp": fit_mlp}
KIND: dict[str, type[Head]] = {
    "prototypes": Prototypes,
    "logreg": Linear,
    "knn": NearestNeighbours,
    "mlp": Perceptron,
}
