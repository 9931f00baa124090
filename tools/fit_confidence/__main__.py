"""Fit the coefficients of the confidence and write `sorterd/classifier/coefficients.py`.

    python -m tools.fit_confidence SET.npz [SET.npz ...] [--fine NAME ...] --words WORDS.npz [--write]

Each set holds `X` [n, d], `y` [n] and, where it has two sources, `split` [n]; WORDS holds `names` and `text`, the words
in `sorterd/classifier/words.txt` through the text tower of the same model. From each set many small libraries are drawn
(`libraries.py`), the shipped classifier is trained on each and looks at arrivals, half of which belong nowhere
(`measuring.py`); one logistic regression then says when it was right (`fitting.py`). The report leaves one set out at a
time: what it says of a set was fitted on the others. With `--cache FOLDER` a second run only fits.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sorterd.classifier.coefficients import Coefficients
from sorterd.classifier.words import everyday_words
from tools.fit_confidence.embeddings import load, load_words
from tools.fit_confidence.fitting import Figures, figures, fit
from tools.fit_confidence.libraries import SHAPES
from tools.fit_confidence.measuring import TRAITS, Measured, all_measured

TARGET = Path(__file__).parents[2] / "sorterd" / "classifier" / "coefficients.py"
NO_WORDS = tuple(name for name in TRAITS if not name.startswith("words_"))


def report(measured: Sequence[Measured], fine: Collection[str], names: Collection[str]) -> None:
    """Print the figures of each set by coefficients that were fitted on the others."""
    sets = list(dict.fromkeys(one.set for one in measured))
    by_set = {left: fit([one for one in measured if one.set != left], fine, names) for left in sets}
    rows = {(one.set, one.shape): figures(one, by_set[one.set]) for one in measured}
    print("| labels | sets | recall | right | worst | 95 % | ECE | closed: recall | right |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for shape in dict.fromkeys(one.shape for one in measured):
        for kind, chosen in (("mean", [s for s in sets if s not in fine]), ("fine", [s for s in sets if s in fine])):
            found = [rows[key] for key in ((name, shape) for name in chosen) if key in rows]
            if found:
                _print(shape, f"{kind} of {len(found)}", found)
        for name in sets:
            if (name, shape) in rows:
                _print(shape, name, [rows[name, shape]])


def _print(shape: str, name: str, found: Sequence[Figures]) -> None:
    recall, right, best, error, *closed = np.mean([astuple(one) for one in found], axis=0)
    worst = min(one.right for one in found)
    print(
        f"| {shape} | {name} | {recall:.2f} | {right:.3f} | {worst:.3f} | {best:.2f} | {error:.3f} | "
        + " | ".join(f"{value:.3f}" for value in closed)
        + " |",
        flush=True,
    )


def written(without: Coefficients, with_words: Coefficients, provenance: str) -> str:
    """The content of `coefficients.py`: what stands there up to the first constant, then these."""
    head = TARGET.read_text().split("\n# Fitted")[0].rstrip()
    return f"{head}\n\n\n# Fitted {provenance}\n{_source('WITHOUT_WORDS', without)}{_source('WITH_WORDS', with_words)}"


def _source(name: str, coefficients: Coefficients) -> str:
    weights = "".join(f'        "{trait}": {weight},\n' for trait, weight in coefficients.weights.items())
    return f"{name} = Coefficients(\n    intercept={coefficients.intercept},\n    weights={{\n{weights}    }},\n)\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--fine", nargs="*", default=(), help="names of sets that are fine-grained: they count less")
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--all-words", action="store_true", help="all in WORDS, not only those that are shipped")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the number of libraries")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    shipped = None if options.all_words else set(everyday_words())
    words = load_words(options.words, shipped)
    sets = [load(path) for path in options.sets]
    fitted = []
    for vectors, names in ((words[:0], NO_WORDS), (words, TRAITS)):
        measured = all_measured(sets, SHAPES, options.scale, vectors, options.cache)
        fitted.append(fit(measured, options.fine, names))
        print(f"\nwith {len(vectors)} words: {fitted[-1]}\n")
        report(measured, options.fine, names)
    if options.write:
        provenance = (
            f"{datetime.now(UTC):%Y-%m-%d} by `python -m tools.fit_confidence` on libraries drawn from "
            f"{', '.join(path.stem for path in options.sets)}; with {len(words)} of the shipped words."
        )
        TARGET.write_text(written(*fitted, _wrapped(provenance)))


def _wrapped(text: str, width: int = 108) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}"
    return "\n#".join(lines).strip()


if __name__ == "__main__":
    main()
