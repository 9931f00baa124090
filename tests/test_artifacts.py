"""The artifacts can be read by other people's scripts, and are never seen half written."""

import json
import os
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sorterd import artifacts
from sorterd.artifacts import TranscriptEntry
from sorterd.prediction import Prediction, as_json

NOT_UTF8 = os.fsdecode(b"caf\xe9.mp4")


def test_predictions_have_the_documented_keys(tmp_path: Path) -> None:
    prediction = Prediction("cats", 0.93, (("cats", 0.93), ("dogs", 0.05)), True, "looks like cats")
    artifacts.write_predictions(tmp_path, [as_json("cats.mp4", prediction, "move", "looks like cats")])
    assert json.loads((tmp_path / "predictions.json").read_text("utf-8")) == [
        {
            "video": "cats.mp4",
            "predicted_folder": "cats",
            "confidence": 0.93,
            "top_predictions": [{"folder": "cats", "confidence": 0.93}, {"folder": "dogs", "confidence": 0.05}],
            "decision": "move",
            "reason": "looks like cats",
        }
    ]


def test_transcripts_are_found_by_path(tmp_path: Path) -> None:
    artifacts.write_transcripts(tmp_path, [TranscriptEntry("Küche/a.mp4", "Guten Tag", "de", True)])
    text = (tmp_path / "transcripts.json").read_text("utf-8")
    assert json.loads(text) == {"Küche/a.mp4": {"text": "Guten Tag", "language": "de", "has_speech": True}}
    assert "Küche" in text  # legible, not \u00fc


def test_embeddings_load_without_unpickling_code(tmp_path: Path) -> None:
    features = np.arange(12, dtype=np.float32).reshape(3, 4)
    artifacts.write_labeled_embeddings(tmp_path, features, ["dogs", "cats", "dogs"], ["dogs/1", "cats/2", "dogs/3"])
    artifacts.write_unlabeled_embeddings(tmp_path, features[:0], [])
    labeled = torch.load(tmp_path / "labeled_embeddings.pt", weights_only=True)
    assert torch.equal(labeled["features"], torch.from_numpy(features))
    assert labeled["labels"].tolist() == [1, 0, 1]
    assert labeled["labels"].dtype == torch.int64
    assert labeled["label_names"] == ["cats", "dogs"]
    assert labeled["video_paths"] == ["dogs/1", "cats/2", "dogs/3"]
    unlabeled = torch.load(tmp_path / "unlabeled_embeddings.pt", weights_only=True)
    assert unlabeled["features"].shape == (0, 4)
    assert unlabeled["video_paths"] == []


def test_a_name_that_is_not_utf8_is_escaped_the_same_way_everywhere(tmp_path: Path) -> None:
    artifacts.write_transcripts(tmp_path, [TranscriptEntry(NOT_UTF8, "", "", False)])
    artifacts.write_predictions(tmp_path, [as_json(NOT_UTF8, Prediction("", 0.0, (), False, ""), "leave", "")])
    artifacts.write_unlabeled_embeddings(tmp_path, np.zeros((1, 2), np.float32), [NOT_UTF8])
    shown = r"caf\xe9.mp4"
    assert list(json.loads((tmp_path / "transcripts.json").read_text("utf-8"))) == [shown]
    assert json.loads((tmp_path / "predictions.json").read_text("utf-8"))[0]["video"] == shown
    assert torch.load(tmp_path / "unlabeled_embeddings.pt", weights_only=True)["video_paths"] == [shown]


@given(st.text(st.characters()))
def test_any_text_makes_valid_json(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    artifacts.write_transcripts(folder, [TranscriptEntry(text, text, "en", True)])
    assert len(json.loads((folder / "transcripts.json").read_bytes().decode("utf-8"))) == 1


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    def fill_the_disk(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    path = tmp_path / "predictions.json"
    path.write_text("old")
    with pytest.raises(OSError, match="No space left"):
        artifacts.write_whole(path, fill_the_disk)
    assert [p.name for p in tmp_path.iterdir()] == ["predictions.json"]
    assert path.read_text() == "old"


def test_what_a_killed_writer_left_behind_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".predictions.json.unfinished").write_text("half" * 1000)
    artifacts.write_predictions(tmp_path, [])
    assert [p.name for p in tmp_path.iterdir()] == ["predictions.json"]
    assert json.loads((tmp_path / "predictions.json").read_text()) == []


def test_a_link_in_the_place_of_the_unfinished_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "video.mp4").write_bytes(b"video")
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts/.predictions.json.unfinished").symlink_to(tmp_path / "video.mp4")
    artifacts.write_predictions(tmp_path / "artifacts", [])
    assert (tmp_path / "video.mp4").read_bytes() == b"video"
    assert not (tmp_path / "artifacts/predictions.json").is_symlink()


def test_the_folder_is_made_for_the_owner_only(tmp_path: Path) -> None:
    artifacts.write_predictions(tmp_path / "artifacts", [])
    assert (tmp_path / "artifacts").stat().st_mode & 0o777 == 0o700
