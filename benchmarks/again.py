"""Measure a second run and learning from one drag in a library of 500 videos, compared with the plain way.

    python benchmarks/again.py [--videos 500]    with the packaged models; extracts all once: minutes

again    a second `sorterd run --once` over the unchanged library, less what it takes in an empty one
drag     from a file being dragged to another folder to the new model in use, in a running service (debounce 0.1 s)

The plain way keeps nothing: extract everything, train, predict. Its cost per video is measured on a sample of the
library, one in ten, and multiplied. Its training is a scikit-learn LogisticRegression on vectors of the same size.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from sorterd.samples import SAMPLES

PROJECT = Path(__file__).parents[1]
DEBOUNCE = 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        empty, library = Path(temporary, "empty"), Path(temporary, "library")
        for folder in (empty, library):
            _config(folder)
        paths = _fill(library / "videos", options.videos)
        first, extracted = _once(library)
        again, extracted_again = _once(library)
        _once(empty)  # the first time it asks the worker which models there are
        nothing, _none = _once(empty)
        count = len(paths)
        print(f"first    {first:.1f} s for {count} videos, {extracted} extracted: {first / count:.2f} s each")
        each = 1000 * (again - nothing) / count
        print(f"again    {again:.2f} s, {extracted_again} extracted: {each:.2f} ms each", end="")
        print(f"   (an empty library: {nothing:.2f} s)", flush=True)
        drag = _drag(library)
        print(f"drag     {drag:.2f} s from the drag to the new model in use", flush=True)
        sample, rest = _plain([path for path in paths if path.exists()][::10], count)
        plain = sample * count + rest
        print(f"plain    {sample:.2f} s per video and {rest:.2f} s to train and predict: ", end="")
        print(f"{plain:.0f} s for all, {plain / drag:.0f} times as long")


def _config(folder: Path) -> None:
    (folder / "videos").mkdir(parents=True)
    (folder / "config.yaml").write_text(
        "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 1}\nmove: {dry_run: true}\n"
        f"train: {{debounce_seconds: {DEBOUNCE}}}\nfeatures: {{models: embedded, device: cpu}}\n"
        "log: {level: debug, format: json}\n"
    )


def _fill(root: Path, count: int) -> list[Path]:
    """Copy the sample library until there are `count` videos, each made different by a box at its end."""
    clips = sorted(SAMPLES.rglob("*.mp4"))
    paths = []
    for number in range(count):
        clip = clips[number % len(clips)]
        path = root / clip.relative_to(SAMPLES).with_name(f"{number} {clip.name}")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(clip.read_bytes() + (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big"))
        paths.append(path)
    return paths


def _sorterd(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sorterd", "--config", str(folder / "config.yaml"), "run", *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=PROJECT)


def _once(folder: Path) -> tuple[float, int]:
    """Run sorterd once over the folder. Return the seconds, and how many videos it extracted."""
    begun, before = time.perf_counter(), time.time()
    process = _sorterd(folder, "--once")
    _out, log = process.communicate()
    took = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"sorterd run --once ended with {process.returncode}: {log}")
    with closing(sqlite3.connect(folder / "state" / "sorterd.sqlite3")) as store:
        (extracted,) = store.execute("SELECT count(*) FROM features WHERE at >= ?", (before,)).fetchone()
    return took, extracted


def _drag(folder: Path) -> float:
    """Drag one video from one folder to another while the service runs. Return the seconds until the model knows it.

    Another drag comes before it, which starts the worker and is not counted.
    """
    videos = sorted((folder / "videos" / "cats").iterdir())[:2]
    with _sorterd(folder) as process:
        assert process.stderr is not None
        _wait_for("looked", process)
        for video in videos:
            begun = time.perf_counter()
            shutil.move(video, folder / "videos" / "beach" / video.name)
            _wait_for("trained", process)
            took = time.perf_counter() - begun
        process.terminate()
    return took


def _wait_for(event: str, process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("{") and json.loads(line).get("event") == event:
            return
    raise SystemExit(f"the service ended before it said {event!r}")


def _plain(paths: list[Path], rows: int) -> tuple[float, float]:
    """Return the seconds of the plain pipeline per video, and of plain training and predicting with so many rows."""
    import torch
    from plain_pipeline import PlainPipeline
    from sklearn.linear_model import LogisticRegression

    from sorterd.features.models import resolve
    from sorterd.features.settings import FeatureSettings

    torch.set_num_threads(os.cpu_count() or 1)
    settings = FeatureSettings(models="embedded", device="cpu")
    pipeline = PlainPipeline(resolve(settings, torch.float32), settings.frames)
    begun = time.perf_counter()
    for path in paths:
        pipeline.extract(path)
    extracting = time.perf_counter() - begun
    vectors = np.random.default_rng(0).normal(size=(rows, 2560)).astype(np.float32)
    begun = time.perf_counter()
    LogisticRegression(max_iter=1000).fit(vectors, np.arange(rows) % 7).predict(vectors)
    return extracting / len(paths), time.perf_counter() - begun


if __name__ == "__main__":
    main()
