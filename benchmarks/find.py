"""Measure how well searches find what people want, and how long they take.

    python benchmarks/find.py CONFIG [--times]

CONFIG is that of a library with the samples in it (and as many other clips as you like, see made_clips.py), all of them
extracted. The searches are those of find_queries.py. They are asked by pictures and speech alone: names and captions
are left out, and so are the words of the transcripts. `--times` makes a library of 20,000 videos up and times searches
by words and by likeness, whole processes included.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from find_queries import QUERIES

from sorterd.artifact_names import artifacts_folder
from sorterd.config import load_config
from sorterd.features.settings import FeatureSettings, FeatureSpace, extracted_modalities
from sorterd.find.documents import read_documents
from sorterd.find.fusion import fused
from sorterd.find.meaning import meaning_by_models
from sorterd.find.similar import by_meaning
from sorterd.find.vectors import vectors
from sorterd.pipeline import feature_space
from sorterd.store.captions import StoredCaption
from sorterd.store.features import Features
from sorterd.store.settings import VIDEOS
from sorterd.store.store import DATABASE, Store

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
    """Print what searches cost in a library of 20,000 videos, whole processes included, in seconds of processor time
    (user and system) and as a multiple of a plain program that does the same."""
    with tempfile.TemporaryDirectory() as folder:
        videos, state = Path(folder) / "videos", Path(folder) / "state"
        (videos / "cats").mkdir(parents=True)
        (state / "artifacts").mkdir(parents=True)
        config = Path(folder) / "config.yaml"
        config.write_text(f"videos: {videos}\nstate_dir: {state}\nfeatures: {{models: embedded}}\n")
        store = Store.open(state)
        _made_up(store, videos, load_config(config).feature_settings())
        store.close()
        find = [sys.executable, "-m", "sorterd", "--config", str(config), "find", "--json"]
        database = str(state / DATABASE)
        for name, arguments, plain in (
            ("rare words", ["--exact", "word17 word23456"], [PLAIN_WORDS, database, "word17", "word23456"]),
            ("a common word", ["--exact", "word2"], [PLAIN_WORDS, database, "word2"]),
            ("likeness", ["--like", str(videos / "cats" / "7.mp4")], [PLAIN_LIKENESS, database, f"{7:032x}"]),
        ):
            ours, seconds = _cost([*find, *arguments])
            theirs, _ = _cost([sys.executable, "-c", *plain])
            print(f"{name:14} {ours:.2f} s ({seconds:.2f} s by the clock), {ours / theirs:.1f} times a plain program")


PLAIN_WORDS = """
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute(
    "SELECT path, transcript, text FROM files JOIN features USING (fingerprint) LEFT JOIN captions USING (fingerprint)")
print([path for path, *texts in rows if all(word in str(texts).lower() for word in sys.argv[2:])][:10])
"""
PLAIN_LIKENESS = """
import sqlite3, sys
import numpy as np
rows = sqlite3.connect(sys.argv[1]).execute("SELECT fingerprint, vector FROM features").fetchall()
vectors = np.frombuffer(b"".join(vector for _, vector in rows), "<f4").reshape(len(rows), -1)
own = vectors[[video for video, _ in rows].index(sys.argv[2])]
print([rows[place][0] for place in np.argsort(-(vectors @ own))[1:11]])
"""


def _cost(command: Sequence[str], times: int = 5) -> tuple[float, float]:
    """Run it so often, and return the least processor time and the least time by the clock."""
    costs, clock = [], []
    for _ in range(times + 1):  # the first one writes what is kept for the next
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, timeout=120)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        clock.append(time.monotonic() - began)
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(costs[1:]), min(clock[1:])


def _made_up(store: Store, videos: Path, settings: FeatureSettings) -> None:
    """Half of the videos have speech, of 30 words or more; 93 % have a caption, of a dozen words in the median.

    Most captions have emoji or accents, as real ones do, and so has every third speech.
    """
    random = np.random.default_rng(0)
    width, ranks = 1280, 1 / np.arange(1, 30_001)
    space = FeatureSpace("embedded-made-up", extracted_modalities(width, width), "embedded", "cpu")
    feature_space.remember(store.notes, settings, space)
    store.notes.put(VIDEOS, str(videos))

    def text(usual: float, accented: float) -> str:
        count = int(min(500, 1 + random.lognormal(usual, 0.8)))
        words = [f"word{number}" for number in random.choice(30_000, count, p=ranks / ranks.sum())]
        return " ".join([*words, "🍝 café"] if random.random() < accented else words)

    with store.transaction():
        for number in range(MANY):
            rows = random.normal(size=2 * width).astype("<f4")
            rows[:width] /= np.linalg.norm(rows[:width])
            rows[width:] = 0 if number % 2 else rows[width:] / np.linalg.norm(rows[width:])
            video, path = f"{number:032x}", f"cats/{number}.mp4"
            said = "" if number % 2 else text(4.0, 0.3)
            store.features.add(Features(video, rows.tobytes(), said, "en", "speech"), space.id, now=0.0)
            if random.random() < 0.93:
                store.captions.put(StoredCaption(video, "", text(2.6, 0.7), "", f"{number:032x}"), {})
            (videos / path).write_bytes(b"x")
            seen = (videos / path).stat()
            store.connection.execute(
                "INSERT INTO files (path, fingerprint, category, source, device, inode, size, mtime_ns, labelled_at) "
                "VALUES (?, ?, ?, 'user', ?, ?, ?, ?, 1)",
                (path.encode(), video, b"cats", seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns),
            )


if __name__ == "__main__":
    main()
