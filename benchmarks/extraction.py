"""Compare the plain pipeline with sorterd's on the same folder of videos, in one run.

    python benchmarks/extraction.py FOLDER                          with the packaged models
    python benchmarks/extraction.py FOLDER --random ViT-B-32-quickgelu   true speed of CLIP without its weights
    python benchmarks/extraction.py FOLDER --weights FILE --whisper FOLDER
    python benchmarks/extraction.py FOLDER --device cuda            both on an NVIDIA card

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sorterd.features.settings import FeatureSettings

STAGES = ("decode", "image", "speech", "text", "overhead")
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


Pipeline = Callable[[FeatureSettings, Tally], Callable[[Sequence[Path]], None]]


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
    options = parser.parse_args()
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
        videos = sorted(path for path in found if path.is_file() and path.suffix != ".json")
        plain, ours = compare(settings, videos * options.repeat)
    report(plain, ours, len(videos) * options.repeat, settings, options.folder)


def compare(settings: FeatureSettings, videos: Sequence[Path]) -> tuple[Tally, Tally]:
    """Run both pipelines over the videos in turns. Return the tally of each."""
    os.environ |= {"OMP_WAIT_POLICY": "PASSIVE", "MALLOC_ARENA_MAX": "2"}  # as in sorterd's worker; it helps both
    spawn = multiprocessing.get_context("spawn")
    pipes = []
    for pipeline in (plain_pipeline, our_pipeline):
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
    tallies = []
    for pipe in pipes:
        pipe.send(None)
        tallies.append(pipe.recv())
    print(file=sys.stderr)
    return tallies[0], tallies[1]


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
    tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
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


def our_pipeline(settings: FeatureSettings, tally: Tally) -> Callable[[Sequence[Path]], None]:
    """Load sorterd's extractor. Return a function that runs it over videos.

    "decode" is the time that the models wait for decoding.
    """
    from sorterd.features import extractor as module
    from sorterd.features.extractor import Extraction, Extractor

    extractor = Extractor.load(settings)
    stages: list[tuple[Any, str, str]] = [
        (module, "_ready", "decode"),
        (extractor._encoder, "images", "image"),
        (extractor, "_hear", "speech"),
        (extractor._encoder, "texts", "text"),
    ]
    for owner, name, stage in stages:
        setattr(owner, name, _timed(getattr(owner, name), tally.seconds, stage))

    def run(videos: Sequence[Path]) -> None:
        for result in extractor.extract([(str(path), os.fsencode(path)) for path in videos], lambda _key: None):
            if isinstance(result, Extraction):
                tally.vectors[result.key], tally.transcripts[result.key] = result.vector, result.transcript

    return run


def _timed(step: Callable[..., Any], seconds: dict[str, float], stage: str) -> Callable[..., Any]:
    def timed(*inputs: Any, **named: Any) -> Any:
        started = time.perf_counter()
        result = step(*inputs, **named)
        seconds[stage] += time.perf_counter() - started
        return result

    return timed


def report(plain: Tally, ours: Tally, count: int, settings: FeatureSettings, folder: Path) -> None:
    """Print both tallies stage by stage, how similar the results are, and how well they sort videos in sub-folders."""
    for tally in (plain, ours):
        tally.seconds["overhead"] = tally.total - sum(tally.seconds.values())
    models = settings.clip_model if settings.models == "clip" else "the packaged models"
    where = f"{os.cpu_count()} cores" if settings.device == "cpu" else f"{os.cpu_count()} cores and a card"
    print(f"{count} videos, {where}, {models}, Whisper {settings.whisper}, seconds per video")
    print(f"{'':12}{'plain':>8}{'sorterd':>10}{'ratio':>8}")
    rows = [(stage, plain.seconds[stage] / count, ours.seconds[stage] / count) for stage in STAGES]
    rows += [("all", plain.total / count, ours.total / count)]
    rows += [("processor", plain.processor / count, ours.processor / count)]
    for name, theirs, own in rows:
        print(f"{name:12}{theirs:8.3f}{own:10.3f}{theirs / own if own else 0:8.1f}")
    print(f"{'load, s':12}{plain.load:8.1f}{ours.load:10.1f}")
    print(f"{'peak, MiB':12}{plain.memory:8.0f}{ours.memory:10.0f}")
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
