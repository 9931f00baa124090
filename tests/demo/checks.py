"""What must hold of the demo's folder after a whole demo: what lies where, what was written, what was heard."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from sorterd.demo.library import STATE, belongs
from sorterd.samples import SAMPLES
from sorterd.store.store import DATABASE

TOLD_BY_WORDS_ONLY = ({"cooking", "money"}, {"space", "gardening"})


def where_they_lie(folder: Path) -> dict[str, str]:
    """Return the folder of each clip by its name."""
    return {path.name: path.parent.name for path in folder.rglob("*.mp4")}


def check_that_moved_clips_lie_where_they_belong(folder: Path) -> None:
    lies, wanted = where_they_lie(folder), belongs()
    moved = {name: lies[name] for name in wanted if lies[name] != folder.name}
    assert all(wanted[name] == where for name, where in moved.items()), "what was moved lies where it belongs"
    assert len(moved) >= 9
    assert all(lies[name] == folder.name for name, where in wanted.items() if where is None), "strangers stay"
    with sqlite3.connect(folder / STATE / "state" / DATABASE) as connection:
        (taken_out,) = connection.execute("SELECT count(*) FROM rejections").fetchone()
    assert not taken_out, "nothing had to be taken out of a folder again"


def check_artifacts(folder: Path) -> None:
    lies, wanted = where_they_lie(folder), belongs()
    artifacts = folder / STATE / "state" / "artifacts"
    labelled = _labelled(folder)
    count, width = labelled["features"].shape
    assert labelled["features"].dtype == torch.float32
    assert labelled["labels"].dtype == torch.int64
    assert len(labelled["labels"]) == len(labelled["video_paths"]) == count
    assert "football" in labelled["label_names"]
    unlabeled = torch.load(artifacts / "unlabeled_embeddings.pt", weights_only=True)
    assert unlabeled["features"].shape == (len(unlabeled["video_paths"]), width)
    config = json.loads((artifacts / "model_config.json").read_text())
    assert config["feature_dim"] == width
    assert config["label_names"] == labelled["label_names"]
    predictions = json.loads((artifacts / "predictions.json").read_text())
    assert {one["video"] for one in predictions} == {name for name in wanted if lies[name] == folder.name}
    assert all(one["decision"] == "inbox" and one["top_predictions"] for one in predictions)
    transcripts = json.loads((artifacts / "transcripts.json").read_text())
    assert len(transcripts) == len(lies)
    assert not any(said["has_speech"] for path, said in transcripts.items() if "cats" in path)


def check_what_was_heard(folder: Path) -> None:
    """A clip with a voice is understood, and noise is not taken for one."""
    with sqlite3.connect(folder / STATE / "state" / DATABASE) as connection:
        found = connection.execute("SELECT path, transcript, audio FROM files JOIN features USING (fingerprint)")
        heard = {Path(path.decode()).name: (transcript, audio) for path, transcript, audio in found}
    connection.close()
    assert len(heard) == len(where_they_lie(folder))
    assert "potatoes" in heard["fried-potatoes.mp4"][0]
    assert "rocket" in heard["moon-rocket.mp4"][0]
    assert heard["waves.mp4"][1] == "silent"
    assert heard["kick-off.mp4"][1] == "none"
    told = [path.name for folder in set().union(*TOLD_BY_WORDS_ONLY) for path in (SAMPLES / folder).glob("*.mp4")]
    assert [name for name in told if heard[name][1] != "speech"] == []


def check_that_words_tell_folders_with_the_same_pictures_apart(folder: Path) -> None:
    """Each clip judged by the others: the words must do, and the pictures must not, or they would give it away."""
    labelled = _labelled(folder)
    vectors = dict(
        zip((Path(path).name for path in labelled["video_paths"]), labelled["features"].numpy(), strict=True)
    )
    for pair in TOLD_BY_WORDS_ONLY:
        clips = [path for folder_name in sorted(pair) for path in sorted((SAMPLES / folder_name).glob("*.mp4"))]
        rows = np.stack([vectors[path.name] for path in clips])
        folders = np.array([path.parent.name for path in clips])
        seen, said = rows[:, :1280], rows[:, 1280:]
        assert _right_out_of_fold(said, folders) >= 0.9
        assert _right_out_of_fold(seen, folders) <= 0.6


def _labelled(folder: Path) -> dict[str, Any]:
    artifacts = folder / STATE / "state" / "artifacts"
    labelled: dict[str, Any] = torch.load(artifacts / "labeled_embeddings.pt", weights_only=True)
    return labelled


def _right_out_of_fold(rows: np.ndarray, folders: np.ndarray) -> float:
    """The share of rows that a logistic regression on all the others puts into the right folder."""
    rows = rows @ rows.T  # the same model by its kernel, with as few numbers as there are clips
    right = 0
    for i, folder in enumerate(folders):
        others = LogisticRegression(C=100, max_iter=500).fit(np.delete(rows, i, 0), np.delete(folders, i))
        right += others.predict(rows[i : i + 1])[0] == folder
    return right / len(folders)
