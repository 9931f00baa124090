"""Measure the traits of simulated arrivals with the shipped classifier, and whether its folder was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sorterd.classifier import train_classifier
from sorterd.classifier.confidence import traits
from sorterd.classifier.modality import split_modalities
from tools.fit_confidence.embeddings import Embeddings
from tools.fit_confidence.libraries import STRANGER, Shape, beside, draw

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
TRAITS = ("lead", "shortfall", "usual_similarity", "spread", "accuracy")
KEPT = (*TRAITS, "lead_in_spreads", "added")


@dataclass(frozen=True, slots=True)
class Measured:
    """All arrivals at libraries of one shape from one data set, library by library.

    `traits` [n, t] are in the order of KEPT. `right` [n]: the predicted folder is right. `belongs` [n]: the video
    belongs to any folder. `library` [n] is the number of its library.
    """

    set: str
    shape: str
    traits: Floats
    right: Bools
    belongs: Bools
    library: NDArray[np.int64]


def measure(
    data: Embeddings, others: Sequence[Embeddings], shape: Shape, draws: int, cache: Path | None
) -> Measured | None:
    """Train on each drawn library and measure its arrivals. Return None if a set is too small.

    `others` are the sets of further modalities. Results are kept in `cache`.
    """
    name = " ".join(one.name for one in (data, *others))
    kept = cache and cache / f"{name} {shape.name} {draws}.npz"
    if kept and kept.exists():
        with np.load(kept) as file:
            return Measured(data.name, shape.name, file["traits"], file["right"], file["belongs"], file["library"])
    parts = [part for number in range(draws) if (part := _one(data, others, shape, number)) is not None]
    if not parts:
        return None
    found, right, belongs = (np.concatenate(part) for part in zip(*parts, strict=True))
    library = np.repeat(np.arange(len(parts)), [len(part[1]) for part in parts])
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, traits=found, right=right, belongs=belongs, library=library)
    return Measured(data.name, shape.name, found, right, belongs, library)


def _one(
    data: Embeddings, others: Sequence[Embeddings], shape: Shape, number: int
) -> tuple[Floats, Bools, Bools] | None:
    library = draw(data, shape, number)
    for other in others:
        library = library and beside(library, other, number)
    if library is None:
        return None
    labels = [f"{k:03d}" for k in library.labels]
    classifier = train_classifier(library.rows, labels, blocks=library.widths, candidates=("prototypes",), captions=())
    evidence = classifier.evidence(split_modalities(library.arrivals, classifier.widths))
    found = traits(evidence, classifier.usual)
    picked = np.array([int(classifier.rules.folders[k]) for k in evidence.shares.argmax(axis=1)])
    return np.column_stack([found[name] for name in KEPT]), picked == library.truth, library.truth != STRANGER


def all_measured(
    sets: Sequence[Embeddings], others: Sequence[Embeddings], shapes: Sequence[Shape], scale: float, cache: Path | None
) -> list[Measured]:
    """Return the measurements of every set and shape, with `others` as further modalities.

    `scale` multiplies the number of draws.
    """
    found = []
    for data in sets:
        for shape in shapes:
            one = measure(data, others, shape, max(1, round(shape.draws * scale)), cache)
            print(f"{data.name}: {shape.name}: {'too small' if one is None else one.library.max() + 1}", flush=True)
            if one is not None:
                found.append(one)
    return found
