"""Compare the plain pipeline with sorterd's on the same folder of videos, in one run.

    python benchmarks/extraction.py FOLDER                          with the packaged models
    python benchmarks/extraction.py FOLDER --random ViT-B-32-quickgelu   true speed of CLIP without its weights
    python benchmarks/extraction.py FOLDER --weights FILE --whisper FOLDER
    python benchmarks/extraction.py FOLDER --device cuda --repeat 5      both on an NVIDIA card
    python benchmarks/extraction.py FOLDER --decoders 0 2 4         sorterd with threads, 2 and 4 processes that decode

If there are videos in sub-folders (as in sorterd/samples), it also measures how well each one's features sort them.

Each pipeline runs in its own process, so that peak memory can be measured. They take turns, a few videos at a time, so
that other load on the machine affects both. On a busy machine only the ratios mean anything.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from our_pipeline import OurPipeline

from sorterd.features.settings import FeatureSettings
from sorterd.library.kinds import DEFAULT_EXTENSIONS
from sorterd.worker.decoder.room import decoders_here
from sorterd.worker.host.process import ENVIRONMENT

STAGES = ("decode", "image", "speech", "encode", "generate", "text", "overhead")  # speech: the plain pipeline's
TURN = 8
"""Videos per turn: what the daemon hands to its worker at a time."""


@dataclass(slots=True)
class Tally:
    """The results of one pipeline and its costs: seconds of each stage on its main thread, and peak memory in MiB."""

    load: float = 0.0
    total: float = 0.0
    processor: float = 0.0
    memory: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    vectors: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    transcripts: dict[str, str] = field(default_factory=dict)


Run = Callable[[Sequence[Path]], None]
Pipeline = Callable[[FeatureSettings, Tally], Run]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="ViT-B-32-quickgelu")
    parser.add_argument("--weights", help="a checkpoint of --model")
    parser.add_argument("--random", metavar="MODEL", help="random weights of this open_clip model")
    parser.add_argument("--whisper", default="base")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="for both pipelines")
    parser.add_argument("--match", default="*", help="only files with such names, such as '*tune*'")
    parser.add_argument("--repeat", type=int, default=1, help="go over the folder this many times")
    parser.add_argument("--decoders", type=int, nargs="*", help="processes that decode, 0: threads; default: as here")
    parser.add_argument("--without-plain", action="store_true", help="compare only sorterd with itself")
    options = parser.parse_args()
    decoders = [decoders_here()] if options.decoders is None else options.decoders
    with tempfile.TemporaryDirectory() as temporary:
        if options.random:
            options.model, options.weights = options.random, _random_weights(options.random, Path(temporary))
        settings = FeatureSettings(
            models="clip" if options.weights else "embedded",
            clip_model=options.model,
            weights=options.weights or "openai",
            whisper=options.whisper,
            device=options.device,
        )
        found = options.folder.rglob(options.match)
        videos = sorted(path for path in found if path.suffix[1:].lower() in DEFAULT_EXTENSIONS)
        pipelines: dict[str, Pipeline] = {} if options.without_plain else {"plain": plain_pipeline}
        for count in decoders:
            pipelines[f"{count} procs" if count else "threads"] = partial(our_pipeline, decoders=count)
        tallies = compare(settings, videos * options.repeat, pipelines)
    report(tallies, len(videos) * options.repeat, settings)
    if not options.without_plain:
        plain, ours = list(tallies.values())[:2]
        report_likeness(plain, ours, options.folder)


def compare(settings: FeatureSettings, videos: Sequence[Path], pipelines: Mapping[str, Pipeline]) -> dict[str, Tally]:
    """Run the pipelines over the videos in turns. Return the tally of each."""
    os.environ |= ENVIRONMENT  # as in sorterd's worker; it helps both
    spawn = multiprocessing.get_context("spawn")
    pipes = []
    for pipeline in pipelines.values():
        here, there = spawn.Pipe()
        spawn.Process(target=_serve, args=(there, pipeline, settings), daemon=True).start()
        pipes.append(here)
        here.recv()  # loaded
    for first in range(0, len(videos), TURN):
        for pipe in pipes:
            pipe.send(videos[first : first + TURN])
            done = pipe.recv()
            print(f"\r{min(first + TURN, len(videos))} of {len(videos)} videos", end=" ", file=sys.stderr, flush=True)
            assert done is None
    tallies = {}
    for name, pipe in zip(pipelines, pipes, strict=True):
        pipe.send(None)
        tallies[name] = pipe.recv()
    print(file=sys.stderr)
    return tallies


def _serve(pipe: Connection, pipeline: Pipeline, settings: FeatureSettings) -> None:
    """Load a pipeline, report that, run it over the videos that are sent until none is, then send the costs."""
    tally = Tally(seconds=defaultdict(float))
    started = time.perf_counter()
    run = pipeline(settings, tally)
    tally.load = time.perf_counter() - started
    pipe.send(None)
    while (videos := pipe.recv()) is not None:
        started, processor = time.perf_counter(), time.process_time()
        run(videos)
        tally.total += time.perf_counter() - started
        tally.processor += time.process_time() - processor
        pipe.send(None)
    tally.memory += resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send(tally)


def plain_pipeline(settings: FeatureSettings, tally: Tally) -> Callable[[Sequence[Path]], None]:
    """Load the plain pipeline. Return a function that runs it over videos."""
    import torch
    from plain_pipeline import PlainPipeline

    from sorterd.features.models import resolve

    torch.set_num_threads(os.cpu_count() or 1)
    plain = PlainPipeline(resolve(settings, torch.float32), settings.frames, settings.device)
    tally.seconds = plain.seconds

    def run(videos: Sequence[Path]) -> None:
        for path in videos:
            tally.vectors[str(path)], tally.transcripts[str(path)] = plain.extract(path)

    return run


def our_pipeline(settings: FeatureSettings, tally: Tally, decoders: int) -> Run:
    """Load sorterd's extractor. Return a function that runs it over videos."""
    ours = OurPipeline(settings, decoders)
    tally.seconds = ours.seconds

    def run(videos: Sequence[Path]) -> None:
        before, _memory = ours.elsewhere()
        for key, (vector, transcript) in ours.extract(videos).items():
            tally.vectors[key], tally.transcripts[key] = vector, transcript
        after, tally.memory = ours.elsewhere()
        tally.processor += after - before

    return run


def report(tallies: Mapping[str, Tally], count: int, settings: FeatureSettings) -> None:
    """Print the tallies stage by stage, and the quotient of the first and the last."""
    for tally in tallies.values():
        tally.seconds["overhead"] = tally.total - sum(tally.seconds.values())
    models = settings.clip_model if settings.models == "clip" else "the packaged models"
    where = f"{os.cpu_count()} cores" if settings.device == "cpu" else f"{os.cpu_count()} cores and a card"
    print(f"{count} videos, {where}, {models}, Whisper {settings.whisper}, seconds per video")
    print(f"{'':12}" + "".join(f"{name:>10}" for name in tallies) + f"{'ratio':>10}")
    rows: list[tuple[str, Callable[[Tally], float]]] = [
        *((stage, lambda tally, stage=stage: tally.seconds.get(stage, 0.0) / count) for stage in STAGES),
        ("all", lambda tally: tally.total / count),
        ("processor", lambda tally: tally.processor / count),
        ("load, s", lambda tally: tally.load),
        ("peak, MiB", lambda tally: tally.memory),
    ]
    for name, value in rows:
        values = [value(tally) for tally in tallies.values()]
        digits = 0 if name == "peak, MiB" else 3
        ratio = f"{values[0] / values[-1]:10.2f}" if all(values) else ""
        print(f"{name:12}" + "".join(f"{one:10.{digits}f}" for one in values) + ratio)


def report_likeness(plain: Tally, ours: Tally, folder: Path) -> None:
    """Print how similar the results are, and how well they sort videos in sub-folders."""
    both = [key for key in ours.vectors if key in plain.vectors]
    width = len(next(iter(ours.vectors.values()))) // 2
    for name, half in (("image half", slice(0, width)), ("speech half", slice(width, None))):
        pairs_of_halves = [(plain.vectors[key][half], ours.vectors[key][half]) for key in both]
        alike = [cosine for pair in pairs_of_halves if (cosine := _cosine(*pair)) is not None]
        if alike:
            print(f"{name}: cosine {np.mean(alike):.3f}, at least {min(alike):.3f} ({len(alike)} videos)")
    pairs = [(plain.transcripts[key], ours.transcripts[key]) for key in both]
    # autojunk would ignore every frequent letter in texts of 200 letters and more, which is every letter
    ratios = [SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs if all(pair)]
    if ratios:
        print(f"transcripts: {np.mean(ratios):.1%} alike, at least {min(ratios):.1%} ({len(ratios)} videos)")
    sorted_ones = [key for key in both if Path(key).parent != folder]
    if sorted_ones:
        for name, tally in (("plain", plain), ("sorterd's", ours)):
            accuracy, simple = _out_of_fold(tally, sorted_ones)
            print(f"{name} features sort {accuracy:.1%} of {len(sorted_ones)} videos right out of fold,", end="")
            print(f" {simple:.1%} by logistic regression")
    theirs_only = sum(bool(one and not other) for one, other in pairs)
    ours_only = sum(bool(other and not one) for one, other in pairs)
    print(f"only the plain pipeline hears words in {theirs_only} videos, only sorterd in {ours_only}")


def _out_of_fold(tally: Tally, keys: Sequence[str]) -> tuple[float, float]:
    """Return how many videos sorterd's classifier and a plain one sort right, out of fold."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    from sorterd.classifier import train_classifier

    vectors, labels = np.stack([tally.vectors[key] for key in keys]), [Path(key).parent.name for key in keys]
    modalities = (vectors.shape[1] // 2,) * 2
    classifier = train_classifier(vectors, labels, blocks=modalities)
    ours = classifier.candidates[classifier.kind].accuracy
    assert ours is not None
    folds = [StratifiedKFold(5, shuffle=True, random_state=seed) for seed in range(10)]
    simple = LogisticRegression(C=100, max_iter=1000)
    return ours, float(np.mean([cross_val_score(simple, vectors, labels, cv=fold).mean() for fold in folds]))


def _cosine(one: NDArray[np.float32], other: NDArray[np.float32]) -> float | None:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else None


def _random_weights(model: str, folder: Path) -> str:
    import open_clip
    from safetensors.torch import save_file

    save_file(open_clip.create_model(model).state_dict(), folder / "random.safetensors")
    return str(folder / "random.safetensors")


if __name__ == "__main__":
    main()
