"""How well inboxes are sorted, next to the three textbook heads, on any .npz of embeddings with labels.

    python benchmarks/sorting_quality.py FILE.npz [FILE.npz ...] [--draws 20] [--labels 1 3 5 10 20] [--speed]

A file holds `X` [n, d], `y` [n], and optionally `split` [n] (two values, different sources) and `text` [classes, d],
the class names through the text tower. A user's library is simulated: 8 classes drawn at random become folders with a
few labels each, taken from one split; the inbox is made of up to 30 rows per folder from the other, and in the open
scenarios of as many rows of all other classes, which belong nowhere. Draws alternate between the two directions. What
is to be reached stands in issue 3. Nothing in sorterd may be tuned to one set.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.utils.class_weight import compute_sample_weight

from sorterd.classifier import CANDIDATES, THRESHOLD, train_classifier

FOLDERS = 8
PER_FOLDER = 30
STRANGER = -1

Rows = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One file: unit vectors, classes, which of two splits each row is in, and the class names' vectors, if any."""

    rows: Rows
    classes: Ints
    first: NDArray[np.bool_]
    names: Rows | None


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated user: labelled rows, the inbox with its true folders (-1 for none), and the folder names."""

    rows: Rows
    labels: Ints
    inbox: Rows
    truth: Ints
    names: Rows | None

    def closed(self) -> Case:
        """The same without strangers."""
        known = self.truth != STRANGER
        return Case(self.rows, self.labels, self.inbox[known], self.truth[known], self.names)


@dataclass(frozen=True, slots=True)
class Answers:
    """What one classifier said of an inbox."""

    folder: Ints
    confidence: NDArray[np.float64]
    move: NDArray[np.bool_]


Sorter = Callable[[Case], Answers]


def load(path: Path) -> Embeddings:
    """Read one file; without `split`, the rows of each class are dealt out in turn."""
    with np.load(path, allow_pickle=False) as file:
        rows = _unit(file["X"])
        classes = file["y"].astype(np.int64)
        names = _unit(file["text"]) if "text" in file.files else None
        if "split" in file.files:
            first = file["split"] == np.unique(file["split"])[0]
        else:
            first = np.zeros(len(rows), dtype=bool)
            for name in np.unique(classes):
                first[np.flatnonzero(classes == name)[::2]] = True
    return Embeddings(rows, classes, first, names)


def draw(data: Embeddings, labels: int, number: int, *, large: int = 0) -> Case | None:
    """Case `number`: `labels` per folder, for the first one up to `large`; None if too few classes are that big."""
    rng = np.random.default_rng((number, labels, large))
    source = data.first if number % 2 else ~data.first
    filed = np.bincount(data.classes[source], minlength=data.classes.max() + 1)
    waiting = np.bincount(data.classes[~source], minlength=data.classes.max() + 1)
    possible = np.flatnonzero((filed >= labels) & (waiting >= 3))
    if len(possible) < FOLDERS:
        return None
    chosen = rng.choice(possible, FOLDERS, replace=False)
    if large:  # the folder that is to be large is the largest of those drawn
        chosen = chosen[np.argsort(-filed[chosen], kind="stable")]
    wanted = [max(labels, large if place == 0 else 0) for place in range(FOLDERS)]

    def some(where: NDArray[np.bool_], most: int) -> Ints:
        return rng.permutation(np.flatnonzero(where))[:most]

    kept = [some(source & (data.classes == c), most) for c, most in zip(chosen, wanted, strict=True)]
    inbox = [some(~source & (data.classes == c), PER_FOLDER) for c in chosen]
    members = sum(map(len, inbox))
    strangers = some(~source & ~np.isin(data.classes, chosen), members)
    places = np.arange(FOLDERS)
    return Case(
        rows=data.rows[np.concatenate(kept)],
        labels=np.repeat(places, [len(rows) for rows in kept]),
        inbox=data.rows[np.concatenate([*inbox, strangers])],
        truth=np.concatenate([np.repeat(places, [len(rows) for rows in inbox]), np.full(len(strangers), STRANGER)]),
        names=None if data.names is None else data.names[chosen],
    )


def sorterd(
    candidates: tuple[str, ...], *, inbox: bool = True, names: bool = False, blocks: tuple[int, ...] | None = None
) -> Sorter:
    """Ours; `inbox`: the inbox is given as unlabelled data, as the daemon does."""

    def answer(case: Case) -> Answers:
        vectors = {f"{k}": row for k, row in enumerate(case.names)} if names and case.names is not None else None
        classifier = train_classifier(
            case.rows,
            [str(k) for k in case.labels],
            blocks=blocks,
            category_vectors=vectors,
            unlabeled=case.inbox if inbox else None,
            candidates=candidates,
        )
        said = classifier.predict(case.inbox)
        return Answers(
            np.array([int(p.folder) for p in said]),
            np.array([p.confidence for p in said]),
            np.array([p.move for p in said]),
        )

    return answer


def _textbook(probabilities: Callable[[Case], NDArray[np.float64]]) -> Sorter:
    def answer(case: Case) -> Answers:
        shares = probabilities(case)
        confidence = shares.max(axis=1)
        return Answers(shares.argmax(axis=1), confidence, confidence >= THRESHOLD)

    return answer


def _knn(case: Case) -> NDArray[np.float64]:
    model = KNeighborsClassifier(min(5, len(case.rows)), metric="cosine").fit(case.rows, case.labels)
    return np.asarray(model.predict_proba(case.inbox))


def _logreg(strength: float) -> Callable[[Case], NDArray[np.float64]]:
    def probabilities(case: Case) -> NDArray[np.float64]:
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000).fit(case.rows, case.labels)
        return np.asarray(model.predict_proba(case.inbox))

    return probabilities


def _mlp(case: Case) -> NDArray[np.float64]:
    weight = compute_sample_weight("balanced", case.labels)
    model = MLPClassifier((256, 128), batch_size=min(32, len(case.rows)), max_iter=50, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(case.rows, case.labels, sample_weight=weight)
    return np.asarray(model.predict_proba(case.inbox))


TEXTBOOK: dict[str, Sorter] = {
    "k-NN 5": _textbook(_knn),
    "LR C=1": _textbook(_logreg(1.0)),
    "LR C=100": _textbook(_logreg(100.0)),
    "MLP": _textbook(_mlp),
}


def measure(case: Case, answers: Answers) -> dict[str, float]:
    """Accuracy on what belongs; share of it that is moved; share of right ones among all moves; calibration error."""
    belongs = case.truth != STRANGER
    right = answers.folder == case.truth
    return {
        "accuracy": float(right[belongs].mean()),
        "moved": float(answers.move[belongs].mean()),
        "right among moved": float(right[answers.move].mean()) if answers.move.any() else float("nan"),
        "ECE": calibration_error(answers.confidence, right),
        "small": float(np.mean([right[case.truth == k].mean() for k in range(1, FOLDERS)])),
    }


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over equally wide bins (Guo et al. 2017)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    filled = [place == k for k in range(bins) if (place == k).any()]
    return float(sum(abs(confidence[b].mean() - right[b].mean()) * b.mean() for b in filled))


def with_noise(case: Case, seed: int) -> Case:
    """The same case with a second half of random directions."""
    rng = np.random.default_rng(seed)

    def widen(rows: Rows) -> Rows:
        return np.hstack([rows, _unit(rng.normal(size=rows.shape))])

    return Case(widen(case.rows), case.labels, widen(case.inbox), case.truth, None)


Task = tuple[str, Callable[[int], Case | None], Sorter, tuple[str, ...]]


def tasks(data: Embeddings, labels: int, candidates: tuple[str, ...]) -> Iterator[Task]:
    """(what the row is called, case by number, sorter, figures to print)."""
    closed, opened = ("accuracy", "moved", "right among moved", "ECE"), ("moved", "right among moved", "ECE")

    def open_case(number: int) -> Case | None:
        return draw(data, labels, number)

    def closed_case(number: int) -> Case | None:
        case = open_case(number)
        return case and case.closed()

    def noisy_case(number: int) -> Case | None:
        case = closed_case(number)
        return case and with_noise(case, number)

    sorters = {"sorterd": sorterd(candidates), **TEXTBOOK}
    for name, sorter in sorters.items():
        yield f"closed inbox | {name}", closed_case, sorter, closed
    yield "closed inbox | sorterd, inbox unknown", closed_case, sorterd(candidates, inbox=False), closed
    for name, sorter in sorters.items():
        yield f"open inbox | {name}", open_case, sorter, opened
    yield "open inbox | sorterd, inbox unknown", open_case, sorterd(candidates, inbox=False), opened
    if data.names is not None and labels <= 3:
        yield "closed inbox | sorterd, with names", closed_case, sorterd(candidates, names=True), closed
        yield "closed inbox | names alone", closed_case, _textbook(_names_alone), ("accuracy",)
    width = data.rows.shape[1]
    yield "noise half | sorterd", noisy_case, sorterd(candidates, blocks=(width, width)), ("accuracy",)
    yield "noise half | LR C=100", noisy_case, TEXTBOOK["LR C=100"], ("accuracy",)


def unbalanced(data: Embeddings, candidates: tuple[str, ...]) -> Iterator[Task]:
    """One folder with up to 100 labels, seven with 4."""

    def case(number: int) -> Case | None:
        drawn = draw(data, 4, number, large=100)
        return drawn and drawn.closed()

    for name, sorter in {"sorterd": sorterd(candidates), **TEXTBOOK}.items():
        yield f"100 and 7 x 4 | {name}", case, sorter, ("small", "accuracy")


def _names_alone(case: Case) -> NDArray[np.float64]:
    assert case.names is not None
    logits = 100.0 * case.inbox @ case.names.T
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)


def run(rows: Iterator[Task], title: str, draws: int) -> None:
    """Print one line per task: means over all draws."""
    for name, case_of, sorter, figures in rows:
        found: dict[str, list[float]] = defaultdict(list)
        for number in range(draws):
            case = case_of(number)
            if case is None:
                continue
            for figure, value in measure(case, sorter(case)).items():
                found[figure].append(value)
        if found:
            cells = [f"{figure} {_cell(figure, found[figure])}" for figure in figures]
            print(f"{title} | {name:38s} | " + " | ".join(cells), flush=True)


def speed() -> None:
    """Time of training on made-up vectors of two halves."""
    for count, folders in ((500, 8), (10_000, 50)):
        rng = np.random.default_rng(0)
        labels = np.arange(count) % folders
        rows = np.hstack([_unit(rng.normal(size=(folders, 512))[labels] + rng.normal(size=(count, 512))) for _ in "ab"])
        started = time.perf_counter()
        train_classifier(rows, [str(k) for k in labels], blocks=(512, 512))
        print(f"training on {count} labels in {folders} folders: {time.perf_counter() - started:.1f} s", flush=True)


def _cell(figure: str, values: list[float]) -> str:
    if np.isnan(values).all():
        return "    -"
    mean = float(np.nanmean(values))
    return f"{mean:.3f}" if figure == "ECE" else f"{100 * mean:5.1f}"


def _unit(rows: NDArray[np.floating]) -> Rows:
    rows = rows.astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--labels", type=int, nargs="+", default=[1, 3, 5, 10, 20])
    parser.add_argument("--candidates", nargs="+", default=CANDIDATES, choices=CANDIDATES)
    parser.add_argument("--only", default="", help="print only rows whose name contains this")
    parser.add_argument("--speed", action="store_true", help="also time the training")
    options = parser.parse_args()
    candidates = tuple(options.candidates)

    def wanted(rows: Iterator[Task]) -> Iterator[Task]:
        return (row for row in rows if options.only in row[0])

    for path in options.files:
        data = load(path)
        for labels in options.labels:
            run(wanted(tasks(data, labels, candidates)), f"{path.stem} | {labels:2d} labels", options.draws)
        run(wanted(unbalanced(data, candidates)), f"{path.stem} | unbalanced", options.draws)
    if options.speed:
        speed()


if __name__ == "__main__":
    main()
