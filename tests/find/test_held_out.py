"""What the training keeps of videos that the model had not seen. The files are written by a real training."""

import json
from pathlib import Path

import numpy as np
import pytest
from worker.child.bench import training

from sorterd.artifact_names import MODEL_CONFIG, TRAINED_ON
from sorterd.features.settings import extracted_modalities
from sorterd.find.held_out import read_held_out
from sorterd.worker.child.job_train import train
from sorterd.worker.job_messages import FeatureRow


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of eight cats and dogs each; the first cat lies among the dogs."""
    folder = tmp_path_factory.mktemp("artifacts")
    random = np.random.default_rng(0)
    rows = []
    for number in range(16):
        kind = "cats" if number < 8 else "dogs"
        vector = random.normal(0, 0.1, 12).astype(np.float32)
        vector[0 if kind == "cats" else 1] += 1
        rows.append(FeatureRow(f"v{number}", f"{number}.mp4", vector.tobytes(), "dogs" if number == 0 else kind))
    job = training(tuple(rows), modalities=extracted_modalities(8, 4), candidates=("prototypes",))
    train(job, [{}, {}], folder)
    return folder


def test_a_video_in_the_wrong_folder_is_told_apart(artifacts: Path) -> None:
    held_out = read_held_out(artifacts)
    assert held_out.keys() == {f"v{number}" for number in range(16)}
    assert (held_out["v0"].label, held_out["v0"].predicted) == ("dogs", "cats")
    assert [video for video, said in held_out.items() if said.predicted != said.label] == ["v0"]


@pytest.mark.parametrize("name", [MODEL_CONFIG, TRAINED_ON])
@pytest.mark.parametrize("content", [None, b"", b"[]", b"{", b'{"held_out": 1, "fingerprints": 1}', b"\xff"])
def test_what_is_missing_or_damaged_tells_nothing(
    artifacts: Path, tmp_path: Path, name: str, content: bytes | None
) -> None:
    for one in (MODEL_CONFIG, TRAINED_ON):
        (tmp_path / one).write_bytes((artifacts / one).read_bytes())
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    assert read_held_out(tmp_path) == {}


def test_files_of_two_trainings_tell_nothing(artifacts: Path, tmp_path: Path) -> None:
    (tmp_path / MODEL_CONFIG).write_bytes((artifacts / MODEL_CONFIG).read_bytes())
    note = json.loads((artifacts / TRAINED_ON).read_bytes())
    (tmp_path / TRAINED_ON).write_text(json.dumps({**note, "stamp": "another"}))
    assert read_held_out(tmp_path) == {}


def test_an_outcome_of_another_version_tells_nothing(artifacts: Path, tmp_path: Path) -> None:
    config = json.loads((artifacts / MODEL_CONFIG).read_bytes())
    config["held_out"][0] = {"label": "dogs"}
    (tmp_path / MODEL_CONFIG).write_text(json.dumps(config))
    (tmp_path / TRAINED_ON).write_bytes((artifacts / TRAINED_ON).read_bytes())
    assert read_held_out(tmp_path) == {}
