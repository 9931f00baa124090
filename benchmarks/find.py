"""Measure how well searches find what people want, and how long they take.

    python benchmarks/find.py CONFIG [--times]

CONFIG is that of a library with the samples in it (and as many other clips as you like, see made_clips.py), all of them
extracted. The searches are those of find_queries.py. They are asked by pictures and speech alone: names and captions
are left out, and so are the words of the transcripts. `--times` makes a library of 20,000 videos up and times searches
by words and by likeness, whole processes included.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from find_queries import QUERIES

from sorterd.artifact_names import artifacts_folder
from sorterd.config import load_config
from sorterd.features.settings import FeatureSettings, extracted_modalities
from sorterd.find.documents import read_documents
from sorterd.find.fusion import fused
from sorterd.find.meaning import meaning_by_models
from sorterd.find.similar import by_meaning
from sorterd.find.vectors import vectors
from sorterd.pipeline import feature_space
from sorterd.store.features import Features
from sorterd.store.settings import SPACE
from sorterd.store.store import Store

MANY = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path, nargs="?")
    parser.add_argument("--times", action="store_true")
    options = parser.parse_args()
    if options.config is not None:
        ask(options.config)
    if options.times:
        time_searches()


def ask(config_file: Path) -> None:
    """Print the place of the wanted clip for each search."""
    config = load_config(config_file)
    store = Store.open(config.state_dir)
    settings = feature_space.settled(store.notes, config.feature_settings())
    space = feature_space.remembered(store.notes, config.feature_settings())
    assert space is not None
    documents = read_documents(store.connection, space.id)
    width = sum(modality.width for modality in space.extracted)
    held = vectors(store.connection, space.id, width, artifacts_folder(config.state_dir))
    found = 0
    for search, wanted in QUERIES:
        rankings = by_meaning(
            held,
            space.extracted,
            meaning_by_models(search, [space.id], settings, space)[space.id],
            documents,
            len(documents),
        )
        names = [documents[video].path.rpartition(".")[0] for video, _ in fused(rankings)]
        place = names.index(wanted) + 1 if wanted in names else 0
        alone = {name: [documents[v].path.rpartition(".")[0] for v in videos] for name, videos in rankings.items()}
        places = {name: one.index(wanted) + 1 if wanted in one else 0 for name, one in alone.items()}
        found += 0 < place <= 5
        print(f"{place or '-':>4}  {search} -> {wanted}  {places}")
    print(f"{found} of {len(QUERIES)} among the first 5 of {len(documents)} videos")


def time_searches() -> None:
    """Print how long `sorterd find` takes in a library of 20,000 videos, by words and by likeness."""
    random = np.random.default_rng(0)
    words = [f"word{number}" for number in range(5000)]
    with tempfile.TemporaryDirectory() as folder:
        videos, state = Path(folder) / "videos", Path(folder) / "state"
        videos.mkdir()
        (videos / "cats").mkdir()
        (state / "artifacts").mkdir(parents=True)
        config = Path(folder) / "config.yaml"
        config.write_text(f"videos: {videos}\nstate_dir: {state}\nfeatures: {{models: embedded}}\n")
        store = Store.open(state)
        settings = load_config(config).feature_settings()
        _made_up(store, settings, random, words)
        store.close()
        for arguments in (["word17 word23", "--exact"], ["--like", str(videos / "cats" / "7.mp4")]):
            for turn in ("first", "later", "later"):
                began = time.monotonic()
                command = [sys.executable, "-m", "sorterd", "--config", str(config), "find", *arguments, "--json"]
                done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False, timeout=120, env=os.environ)
                print(f"{arguments[0]:16} {turn:6} {time.monotonic() - began:.2f} s (exit code {done.returncode})")


def _made_up(store: Store, settings: FeatureSettings, random: np.random.Generator, words: list[str]) -> None:
    width = 512
    space_id = "embedded-made-up"
    from sorterd.features.settings import FeatureSpace

    feature_space.remember(
        store.notes, settings, FeatureSpace(space_id, extracted_modalities(width, width), "embedded", "cpu")
    )
    assert store.notes.get(SPACE) is not None
    with store.transaction():
        for number in range(MANY):
            rows = random.normal(size=2 * width).astype("<f4")
            rows[:width] /= np.linalg.norm(rows[:width])
            rows[width:] = 0 if number % 2 else rows[width:] / np.linalg.norm(rows[width:])
            video = f"{number:032x}"
            said = " ".join(random.choice(words, 30))
            store.features.add(Features(video, rows.tobytes(), said, "en", "speech"), space_id, now=0.0)
            path = f"cats/{number}.mp4".encode()
            store.connection.execute(
                "INSERT INTO files (path, fingerprint, category, source, device, inode, size, mtime_ns, labelled_at) "
                "VALUES (?, ?, ?, 'user', 1, ?, 1, 1, 1)",
                (path, video, b"cats", number),
            )


if __name__ == "__main__":
    main()
