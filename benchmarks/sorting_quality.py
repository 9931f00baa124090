"""Measure how well inboxes are sorted, compared with three textbook heads, on any .npz of embeddings with labels.

    python benchmarks/sorting_quality.py FILE.npz [FILE.npz ...] [--draws 20] [--labels 1 3 5 10 20] [--speed]

A file holds `X` [n, d], `y` [n], and optionally `split` [n] (two values, different sources) and `text` [classes, d],
the class names through the text tower. Each draw simulates a user's library. 8 random classes become folders with a few
labels each, taken from one split. The inbox is up to 30 rows per folder from the other split. In the open scenarios it
also has as many rows of all other classes, which belong to no folder. Draws alternate between the two directions.
"nested" (`nested.py`) gives 3, 5, 10 and 20 labels; it fails (exit code 1) where more labels move less.
"life" (`life.py`) lets the inbox come a few at a time to a user who corrects some of it. Issue 12 has the targets.
Nothing in sorterd may be tuned to one set.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from life import Lived, live
from nested import moved_by_labels, moves_less
from numpy.typing import NDArray
from simulated import FOLDERS, STRANGER, Case, Embeddings, Ints, Rows, draw, load, unit
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.utils.class_weight import compute_sample_weight

from sorterd.classifier import share_of_strangers, train_classifier
from sorterd.defaults import HEADS, THRESHOLD


@dataclass(frozen=True, slots=True)
class Answers:
    """The predictions of one classifier for an inbox."""

    folder: Ints
    confidence: NDArray[np.float64]
    move: NDArray[np.bool_]


Sorter = Callable[[Case], Answers]


def sorterd(
    candidates: tuple[str, ...], *, share: bool = False, names: bool = False, blocks: tuple[int, ...] | None = None
) -> Sorter:
    """Return the answers of sorterd's classifier.

    `share`: learn the share of unknown videos from the inbox, as the service does.
    """

    def answer(case: Case) -> Answers:
        vectors = {f"{k}": row for k, row in enumerate(case.names)} if names and case.names is not None else None
        classifier = train_classifier(
            case.rows,
            [str(k) for k in case.labels],
            blocks=blocks,
            category_vectors=vectors,
            candidates=candidates,
        )
        strangers = share_of_strangers(classifier, case.inbox) if share else 0.5
        predictions = classifier.predict(case.inbox, strangers)
        return Answers(
            np.array([int(p.folder) for p in predictions]),
            np.array([p.confidence for p in predictions]),
            np.array([p.move for p in predictions]),
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
    """Return the accuracy on videos that belong to a folder, the share of them that is moved, the share of right moves
    among all moves, and the calibration error."""
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
    """Return the expected calibration error over equally wide bins (Guo et al. 2017)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    filled = [place == k for k in range(bins) if (place == k).any()]
    return float(sum(abs(confidence[b].mean() - right[b].mean()) * b.mean() for b in filled))


def with_noise(case: Case, seed: int) -> Case:
    """Return the same case with a second modality of random directions."""
    rng = np.random.default_rng(seed)

    def widen(rows: Rows) -> Rows:
        return np.hstack([rows, unit(rng.normal(size=rows.shape))])

    return Case(widen(case.rows), case.labels, widen(case.inbox), case.truth, None)


Task = tuple[str, Callable[[int], Case | None], Sorter, tuple[str, ...]]


def tasks(data: Embeddings, labels: int, candidates: tuple[str, ...]) -> Iterator[Task]:
    """Return the tasks as (name of the row, case by number, sorter, figures to print)."""
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
    yield "closed inbox | sorterd, share learned", closed_case, sorterd(candidates, share=True), closed
    for name, sorter in sorters.items():
        yield f"open inbox | {name}", open_case, sorter, opened
    yield "open inbox | sorterd, share learned", open_case, sorterd(candidates, share=True), opened
    if data.names is not None and labels <= 3:
        yield "closed inbox | sorterd, with names", closed_case, sorterd(candidates, names=True), closed
        yield "closed inbox | names alone", closed_case, _textbook(_names_alone), ("accuracy",)
    width = data.rows.shape[1]
    yield "noise half | sorterd", noisy_case, sorterd(candidates, blocks=(width, width)), ("accuracy",)
    yield "noise half | LR C=100", noisy_case, TEXTBOOK["LR C=100"], ("accuracy",)


def unbalanced(data: Embeddings, candidates: tuple[str, ...]) -> Iterator[Task]:
    """Return a case with up to 100 labels in one folder, and 4 in each of seven."""

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


def run_life(data: Embeddings, title: str, labels: int, draws: int, candidates: tuple[str, ...]) -> None:
    """Print one line per scenario: how many videos come at a time, the share of unknown ones, how many folders."""
    ways = [(batch, 0.5, FOLDERS) for batch in (10, 1, 50)]
    ways += [(10, strangers, FOLDERS) for strangers in (0.0, 0.3, 0.8)]
    ways += [(10, 0.5, folders) for folders in (2, 4, 16, 40)]
    for batch, strangers, folders in ways:
        cases = (draw(data, labels, number, strangers=strangers, folders=folders) for number in range(draws))
        lives = [live(case, batch, candidates, number) for number, case in enumerate(cases) if case is not None]
        if lives:
            name = f"life, {folders} folders, {batch} at a time, {strangers:.0%} strangers"
            print(f"{title} | {name:48s} | {_lived(lives)}", flush=True)


def _lived(lives: Sequence[Lived]) -> str:
    right, moved = sum(one.right for one in lives), sum(one.moved for one in lives)
    recall = right / max(1, sum(one.belonging for one in lives))
    worst = min(one.right / max(1, one.belonging) for one in lives)
    return f"recall {100 * recall:5.1f} | right {100 * right / max(1, moved):5.1f} | worst recall {100 * worst:5.1f}"


def run(rows: Iterator[Task], title: str, draws: int) -> None:
    """Print one line per task, with means over all draws."""
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
    """Print the time of training on made-up vectors of two modalities."""
    for count, folders in ((500, 8), (10_000, 50)):
        rng = np.random.default_rng(0)
        labels = np.arange(count) % folders
        rows = np.hstack([unit(rng.normal(size=(folders, 512))[labels] + rng.normal(size=(count, 512))) for _ in "ab"])
        started = time.perf_counter()
        train_classifier(rows, [str(k) for k in labels], blocks=(512, 512))
        print(f"training on {count} labels in {folders} folders: {time.perf_counter() - started:.1f} s", flush=True)


def _moved_right(case: Case, candidates: tuple[str, ...]) -> float:
    said = sorterd(candidates)(case)
    return float((said.move & (said.folder == case.truth)).sum() / (case.truth != STRANGER).sum())


def _cell(figure: str, values: list[float]) -> str:
    if np.isnan(values).all():
        return "    -"
    mean = float(np.nanmean(values))
    return f"{mean:.3f}" if figure == "ECE" else f"{100 * mean:5.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--labels", type=int, nargs="+", default=[1, 3, 5, 10, 20])
    parser.add_argument("--candidates", nargs="+", default=HEADS, choices=HEADS)
    parser.add_argument("--only", default="", help="print only rows whose name contains this")
    parser.add_argument("--speed", action="store_true", help="also time the training")
    options = parser.parse_args()
    candidates = tuple(options.candidates)

    def wanted(rows: Iterator[Task]) -> Iterator[Task]:
        return (row for row in rows if options.only in row[0])

    complaints: list[str | None] = []
    for path in options.files:
        data = load(path)
        for labels in options.labels:
            title = f"{path.stem} | {labels:2d} labels"
            if "life".startswith(options.only):
                run_life(data, title, labels, options.draws, candidates)
            run(wanted(tasks(data, labels, candidates)), title, options.draws)
        if "nested".startswith(options.only):
            moved = moved_by_labels(data, options.draws, lambda case: _moved_right(case, candidates))
            cells = [f"{labels} labels {100 * share:5.1f}" for labels, share in moved.items()]
            print(f"{path.stem} | nested labels, moved right | " + " | ".join(cells), flush=True)
            complaints.append(moves_less(path.stem, moved))
        run(wanted(unbalanced(data, candidates)), f"{path.stem} | unbalanced", options.draws)
    if options.speed:
        speed()
    said = [complaint for complaint in complaints if complaint is not None]
    if said:
        sys.exit(f"more labels must not move less: {'; '.join(said)}")


if __name__ == "__main__":
    main()
