"""Measure how many hidden folders `sorterd suggest` finds again, against k-means and HDBSCAN in the same run.

    python benchmarks/suggest.py FILE.npz [FILE.npz ...] [--fine FILE.npz ...] [--draws 10] [--captions]
        [--times]

A file is as in sorting_quality.py. From it an inbox is drawn: six classes with 5 to 30 videos each, whose folder is
hidden, and single videos of other classes (at most two of each), as 30, 60 and 80 % of the inbox. Groups are judged by

    back     hidden classes that have a group of purity .8 or more
    good     groups that have it
    cover    share of a hidden class that its largest such group has
    ami      adjusted mutual information over the videos of hidden classes; a video in no group is a group of its own

`--captions` gives videos captions as caption_quality.py does: of topics, or of random words. `--times` takes made-up
inboxes of 600 and 10,000 videos with pictures, speech and captions. It fails (exit code 1) where k-means does better,
except for files after `--fine`: sets of classes that are all alike, such as breeds, which nobody can tell apart so.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import caption_texts
import numpy as np
from caption_quality import Reader
from numpy.typing import NDArray
from simulated import STRANGER, Embeddings, Ints, Rows, load
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_mutual_info_score

from sorterd.features import words as tower
from sorterd.features.settings import Modality
from sorterd.suggest import groups as suggest
from sorterd.suggest.suggested import FEWEST

HIDDEN, FEW, MANY, SINGLES = 6, 5, 30, 2
SHARES = (0.3, 0.6, 0.8)
PURE = 0.8
Method = Callable[[Rows], Ints]
"""Returns the group [n] of each video, -1 for none."""


def draw(data: Embeddings, share: float, number: int) -> tuple[Rows, Ints]:
    """Return inbox `number`: its rows, and the hidden class of each, -1 for single videos, which are `share` of it."""
    rng = np.random.default_rng((number, round(100 * share)))
    sizes = np.bincount(data.classes)
    hidden = rng.choice(np.flatnonzero(sizes >= FEW), HIDDEN, replace=False)
    members = [rng.permutation(np.flatnonzero(data.classes == c))[: rng.integers(FEW, MANY + 1)] for c in hidden]
    others = [c for c in np.flatnonzero(sizes) if c not in hidden]
    single = np.concatenate([rng.permutation(np.flatnonzero(data.classes == c))[:SINGLES] for c in others])
    wanted = sum(map(len, members)) * share / (1 - share)
    if wanted > len(single):  # a file of few classes: smaller folders, so that the share is right
        members = [one[: max(FEW, int(len(one) * len(single) / wanted))] for one in members]
        wanted = sum(map(len, members)) * share / (1 - share)
    single = rng.permutation(single)[: round(wanted)]
    truth = np.concatenate([*(np.full(len(one), place) for place, one in enumerate(members)), [STRANGER] * len(single)])
    order = rng.permutation(len(truth))
    return data.rows[np.concatenate([*members, single])][order], truth.astype(np.int64)[order]


def ours(modalities: Sequence[Modality]) -> Method:
    """Groups as `sorterd suggest` makes them."""

    def method(rows: Rows) -> Ints:
        found = np.full(len(rows), -1)
        for number, group in enumerate(suggest.groups(rows, modalities, np.ones(len(rows), dtype=bool))):
            found[list(group)] = number
        return found

    return method


def k_means(rows: Rows) -> Ints:
    """The plain way: k-means on the vectors, with 15 videos in a group on average."""
    clusters = KMeans(max(2, len(rows) // 15), n_init=2, random_state=0).fit(rows).labels_
    return np.asarray(np.where(np.bincount(clusters)[clusters] >= FEWEST, clusters, -1))


def hdbscan(rows: Rows) -> Ints:
    """The settings of HDBSCAN that did best of 24: leaves, on unit vectors of 40 principal components."""
    short = PCA(min(40, *rows.shape), random_state=0).fit_transform(rows)
    short /= np.linalg.norm(short, axis=1, keepdims=True)
    fitted = HDBSCAN(min_cluster_size=5, min_samples=3, cluster_selection_method="leaf", copy=True).fit(short)
    return np.asarray(fitted.labels_)


def judged(found: Ints, truth: Ints) -> dict[str, float]:
    """Return how well groups fit hidden classes."""
    groups = [np.flatnonzero(found == group) for group in np.unique(found[found >= 0])]
    cover = np.zeros(HIDDEN)
    good = 0
    for group in groups:
        counts = np.bincount(truth[group] + 1, minlength=HIDDEN + 1)[1:]
        best = int(np.argmax(counts))
        if counts[best] >= PURE * len(group):
            good += 1
            cover[best] = max(cover[best], counts[best] / np.sum(truth == best))
    belongs = truth != STRANGER
    alone = np.where(found >= 0, found, len(found) + np.arange(len(found)))
    return {
        "back": float(np.mean(cover > 0)),
        "good": good / max(1, len(groups)),
        "cover": float(cover.mean()),
        "ami": float(adjusted_mutual_info_score(truth[belongs], alone[belongs])),
        "groups": float(len(groups)),
    }


def line(title: str, judgements: Sequence[dict[str, float]]) -> dict[str, float]:
    """Print and return the mean."""
    mean = {key: float(np.mean([one[key] for one in judgements])) for key in judgements[0]}
    print(f"{title:48} | " + " | ".join(f"{key} {value:5.2f}" for key, value in mean.items()), flush=True)
    return mean


def compared(data: Embeddings, name: str, draws: int) -> list[str]:
    """Print the methods. Return where k-means does better."""
    pictures = [Modality("pictures", data.rows.shape[1])]
    methods: dict[str, Method] = {"suggest": ours(pictures), "k-means": k_means, "HDBSCAN": hdbscan}
    worse = []
    for share in SHARES:
        inboxes = [draw(data, share, number) for number in range(draws)]
        means = {
            method: line(
                f"{name} | {share:.0%} single | {method}", [judged(act(rows), truth) for rows, truth in inboxes]
            )
            for method, act in methods.items()
        }
        for key in ("back", "good"):
            if means["suggest"][key] < means["k-means"][key]:
                worse.append(f"{name}, {share:.0%} single: k-means has the better {key!r}")
    return worse


def with_captions(data: Embeddings, name: str, draws: int, reader: Reader) -> None:
    """Print what captions add, of topics and of random words."""
    width = data.rows.shape[1]
    both = ours([Modality("pictures", width), Modality("caption", tower.WIDTH, tower.TOWER)])
    for share in SHARES[:2]:
        judgements: dict[str, list[dict[str, float]]] = {"captions of topics": [], "captions of random words": []}
        for number in range(draws):
            rows, truth = draw(data, share, number)
            chance = random.Random(number)
            topics = chance.sample(list(caption_texts.TOPICS), HIDDEN)
            rest = [topic for topic in caption_texts.TOPICS if topic not in topics]
            told = [caption_texts.caption(topics[k] if k >= 0 else chance.choice(rest), chance) for k in truth]
            noise = [caption_texts.noise(caption_texts.all_words(), chance) for _ in truth]
            for kind, texts in zip(judgements, (told, noise), strict=True):
                judgements[kind].append(judged(both(np.hstack([rows, reader.read(texts)])), truth))
        for kind, found in judgements.items():
            line(f"{name} | {share:.0%} single | {kind}", found)


def timed(videos: int) -> None:
    """Print time and memory for a made-up inbox with pictures, speech and captions, half of it single videos."""
    modalities = [Modality("pictures", 512), Modality("speech", 512), Modality("caption", tower.WIDTH, tower.TOWER)]
    rng = np.random.default_rng(0)
    topic = rng.integers(0, max(1, videos // 20), videos)
    alone = rng.random(videos) < 0.5
    parts: list[NDArray[np.float32]] = []
    for modality in modalities:
        effective = rng.normal(size=(64, modality.width))  # real vectors have far fewer degrees of freedom than numbers
        centres = rng.normal(size=(videos // 20 + 1, 64))
        rows = np.where(
            alone[:, None], rng.normal(size=(videos, 64)), centres[topic] + 0.7 * rng.normal(size=(videos, 64))
        )
        parts.append((rows @ effective + 5.0).astype(np.float32))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, used = time.monotonic(), time.process_time()
    found = suggest.groups(np.hstack(parts), modalities, np.ones(videos, dtype=bool))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"{videos} videos: {len(found)} groups in {time.monotonic() - began:.1f} s "
        f"({time.process_time() - used:.1f} s of processor), {grown / 1024:.0f} MB more",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--fine", nargs="*", type=Path, default=[])
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--captions", action="store_true")
    parser.add_argument("--times", action="store_true")
    options = parser.parse_args()
    if options.times:
        timed(600)
        timed(10_000)
    reader = Reader() if options.captions else None
    worse = []
    for path in [*options.files, *options.fine]:
        data = load(path)
        found = compared(data, path.stem, options.draws)
        worse += [] if path in options.fine else found
        if reader is not None:
            with_captions(data, path.stem, options.draws, reader)
    if worse:
        sys.exit("; ".join(worse))


if __name__ == "__main__":
    main()
