"""Fit the coefficients of the confidence and write `sorterd/classifier/coefficients.py`.

    python -m tools.fit_confidence SET.npz [SET.npz ...] [--fine NAME ...] [--beside SET.npz ...] [--write]

Each set holds `X` [n, d], `y` [n] and, if it has two sources, `split` [n]. Many small libraries are drawn from each set
(`libraries.py`). The shipped classifier is trained on each and predicts arrivals, half of which are unknown
(`measuring.py`). One logistic regression then learns when it was right (`fitting.py`). The report on each set uses
coefficients that were fitted on the other sets; a second one uses the shipped ones. With `--beside` the videos have one
more modality from each of those sets, to check the coefficients with several. With `--cache FOLDER` a second run only
fits.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sorterd.classifier.coefficients import COEFFICIENTS, Coefficients
from tools.fit_confidence.embeddings import load
from tools.fit_confidence.fitting import Figures, figures, fit
from tools.fit_confidence.libraries import SHAPES
from tools.fit_confidence.measuring import Measured, all_measured

TARGET = Path(__file__).parents[2] / "sorterd" / "classifier" / "coefficients.py"


def left_out(measured: Sequence[Measured], fine: Collection[str]) -> dict[str, Coefficients]:
    """Return for each set the coefficients that are fitted on the others."""
    sets = dict.fromkeys(one.set for one in measured)
    return {left: fit([one for one in measured if one.set != left], fine) for left in sets}


def report(measured: Sequence[Measured], fine: Collection[str], by_set: Mapping[str, Coefficients]) -> None:
    """Print the figures of each set by its coefficients."""
    sets = list(by_set)
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


def written(coefficients: Coefficients, provenance: str) -> str:
    """Return the content of `coefficients.py`: its present text up to the constant, then the new constant."""
    head = TARGET.read_text().split("\n# Fitted")[0].rstrip()
    weights = "".join(f'        "{trait}": {weight},\n' for trait, weight in coefficients.weights.items())
    arguments = f"    intercept={coefficients.intercept},\n    weights={{\n{weights}    }},\n"
    return f"{head}\n\n\n# Fitted {provenance}\nCOEFFICIENTS = Coefficients(\n{arguments})\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--fine", nargs="*", default=(), help="names of sets that are fine-grained: they count less")
    parser.add_argument("--beside", nargs="*", type=Path, default=(), metavar="SET", help="further modalities")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the number of libraries")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write and options.beside:
        parser.error("the coefficients are those of one modality: write them without --beside")
    sets, others = ([load(path) for path in paths] for paths in (options.sets, options.beside))
    measured = all_measured(sets, others, SHAPES, options.scale, options.cache)
    fitted = fit(measured, options.fine)
    print(f"\n{fitted}\n")
    report(measured, options.fine, left_out(measured, options.fine))
    print(f"\nshipped: {COEFFICIENTS}\n")
    report(measured, options.fine, dict.fromkeys((one.set for one in measured), COEFFICIENTS))
    if options.write:
        provenance = (
            f"{datetime.now(UTC):%Y-%m-%d} by `python -m tools.fit_confidence` on libraries drawn from "
            f"{', '.join(path.stem for path in options.sets)}."
        )
        TARGET.write_text(written(fitted, _wrapped(provenance)))


def _wrapped(text: str, width: int = 108) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}"
    return "\n#".join(lines).strip()


if __name__ == "__main__":
    main()
