"""Models that are a few lines, and a library for them: what is in a video is its first word, and a model knows in which
folder each word was filed most often. That is all that the daemon can see of real models.
"""

import os
from collections import Counter
from pathlib import Path

from sorterd.captions.source import CaptionSource
from sorterd.features.words import MODALITIES
from sorterd.prediction import Prediction
from sorterd.strangers import HALF, at_a_half
from sorterd.worker.job_messages import FeatureRow, ReadItem, Train

SPACE = "words-1"
WORDS = ("cats", "dogs")


def learned(job: Train) -> dict[str, str]:
    """The folder of each word."""
    filed: dict[str, Counter[str]] = {}
    for row in job.labelled:
        filed.setdefault(_word(row), Counter())[row.label] += 1
    return {word: labels.most_common(1)[0][0] for word, labels in filed.items()}


def summary(job: Train, model: dict[str, str], trained_at: str) -> dict[str, object]:
    """What a worker says of the model that it has trained."""
    return {
        "model_type": "words",
        "trained_at": trained_at,
        "feature_space": job.feature_space,
        "best_cv_accuracy": None,
        "label_names": sorted(set(model.values())),
    }


def predicted(row: FeatureRow, model: dict[str, str], strangers: float = HALF) -> Prediction:
    """Sure of a word that was filed, unsure of any other."""
    folder = model.get(_word(row))
    confidence = at_a_half(0.2 if folder is None else 0.97, 1 - strangers)
    reason = "like nothing that you filed" if folder is None else f"like the videos in {folder}"
    place = folder or min(model.values())
    return Prediction(place, confidence, ((place, confidence),), folder is not None, reason)


def _word(row: FeatureRow) -> str:
    return row.vector.strip(b"\0").split(b"\0")[0].decode()


def caption_beside(item: ReadItem) -> str:
    """What a worker reads of a caption: the video's .txt file, or nothing."""
    video = os.path.join(item.folder, os.fsencode(CaptionSource.parse(item.seen).video))  # noqa: PTH118
    try:
        return Path(os.fsdecode(os.path.splitext(video)[0] + b".txt")).read_text()  # noqa: PTH122
    except FileNotFoundError:
        return ""


def vectors_of(text: str) -> tuple[bytes, ...]:
    """What the text towers make of it: its first word."""
    return tuple(text.split()[0].encode().ljust(4 * modality.width, b"\0") for modality in MODALITIES if text)


def library(folder: Path, watch: str = "settle_seconds: 0.2") -> Path:
    """A folder for each of two kinds with three videos, nothing in the inbox; the path of its config."""
    for word in WORDS:
        (folder / "videos" / word).mkdir(parents=True)
        for number in range(3):
            drop(folder, word, number, f"{word}/{number}.mp4")
    path = folder / "config.yaml"
    path.write_text(
        f"videos: videos\nstate_dir: state\nwatch: {{{watch}}}\n"
        "train: {debounce_seconds: 0.1}\nfeatures: {models: embedded}\nlog: {format: json}\n"
    )
    return path


def drop(folder: Path, word: str, number: int, name: str) -> None:
    """A video of the library in `folder`."""
    (folder / "videos" / name).write_text(f"{word} {number} 1\n")
