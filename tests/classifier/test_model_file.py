import hashlib
import json
import random
from contextlib import suppress
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch
from support.faults import killed

from classifier.made_up import world
from sorterd.classifier import (
    Classifier,
    ModelFileError,
    load_classifier,
    load_config,
    save_classifier,
    train_classifier,
)
from sorterd.classifier.model_file import _sum
from sorterd.defaults import HEADS


def trained(*kinds: str) -> Classifier:
    rows, labels = world().library(3, 6)
    names = {"folder0": np.ones(24), "empty \udcff\n": -np.ones(24)}
    return train_classifier(rows, labels, blocks=(24, 24), category_vectors=names, candidates=kinds or ("prototypes",))


def save(classifier: Classifier, folder: Path) -> None:
    save_classifier(classifier, folder, feature_space="space-1", trained_at="2026-01-01T00:00:00Z")


@pytest.mark.parametrize("kinds", [*((kind,) for kind in HEADS), HEADS])
def test_a_loaded_classifier_says_exactly_what_the_saved_one_says(kinds: tuple[str, ...], tmp_path: Path) -> None:
    classifier = trained(*kinds)
    save(classifier, tmp_path)
    loaded = load_classifier(tmp_path, feature_space="space-1")
    new = world().library(5, 5, seed=2)[0]
    assert loaded.predict(new) == classifier.predict(new)
    assert loaded.held_out == classifier.held_out
    rows, labels = world().library(3, 6)
    assert loaded.explain(new[0], rows, labels) == classifier.explain(new[0], rows, labels)


def test_the_config_tells_what_the_contract_promises(tmp_path: Path) -> None:
    save(trained(), tmp_path)
    config = load_config(tmp_path)
    assert config["model_type"] == "prototypes"
    assert config["label_names"] == ["folder0", "folder1", "folder2"]
    assert config["feature_dim"] == 48
    assert config["feature_space"] == "space-1"
    assert config["trained_at"] == "2026-01-01T00:00:00Z"
    assert config["best_cv_accuracy"] == config["candidates"]["prototypes"]["accuracy"]
    assert config["calibration"]["threshold"] == 0.85


@pytest.mark.parametrize("name", ["model.pt", "model_config.json"])
@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.95])
def test_a_truncated_file_is_named(name: str, keep: float, tmp_path: Path) -> None:
    save(trained(), tmp_path)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(keep if keep >= 1 else keep * len(content))])
    with pytest.raises(ModelFileError, match=f"{name}.*train again"):
        load_classifier(tmp_path)


@pytest.mark.parametrize("name", ["model.pt", "model_config.json"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    save(trained(), tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelFileError, match=f"{name} is missing"):
        load_classifier(tmp_path)


def with_its_own_hash(folder: Path) -> None:
    """Make the config vouch for whatever lies in model.pt: a forger can."""
    config = json.loads((folder / "model_config.json").read_bytes())
    config["stamp"] = hashlib.sha256((folder / "model.pt").read_bytes()).hexdigest()
    config["sum"] = _sum(config)
    (folder / "model_config.json").write_text(json.dumps(config))


@pytest.mark.parametrize("content", [b"junk", b"", b"PK\x03\x04", b"\x80\x02}q\x00."])
def test_a_foreign_file_is_refused(content: bytes, tmp_path: Path) -> None:
    save(trained(), tmp_path)
    (tmp_path / "model.pt").write_bytes(content)
    with pytest.raises(ModelFileError, match=r"is damaged.*train again"):
        load_classifier(tmp_path)


def test_a_single_flipped_bit_is_noticed(tmp_path: Path) -> None:
    save(trained(), tmp_path)
    content = bytearray((tmp_path / "model.pt").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "model.pt").write_bytes(content)
    with pytest.raises(ModelFileError, match="is damaged"):
        load_classifier(tmp_path)


def test_no_flipped_bit_in_the_config_makes_another_model_of_it(tmp_path: Path) -> None:
    classifier = trained()
    save(classifier, tmp_path)
    path = tmp_path / "model_config.json"
    content, config = path.read_bytes(), load_config(tmp_path)
    new = world().library(3, 4, seed=2)[0]
    said = classifier.predict(new)
    chance = random.Random(1)
    for _ in range(400):
        damaged = bytearray(content)
        damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        with suppress(ModelFileError):
            assert load_classifier(tmp_path, feature_space="space-1").predict(new) == said
            assert load_config(tmp_path) == config


def test_other_tensors_are_refused_even_if_the_config_vouches_for_them(tmp_path: Path) -> None:
    save(trained(), tmp_path)
    torch.save({"weights": torch.zeros(3)}, tmp_path / "model.pt")
    with_its_own_hash(tmp_path)
    with pytest.raises(ModelFileError, match="do not fit together"):
        load_classifier(tmp_path)


def test_a_pickle_is_never_run_even_if_the_config_vouches_for_it(tmp_path: Path) -> None:
    save(trained(), tmp_path)
    torch.save({"weights": Path("/tmp")}, tmp_path / "model.pt")
    with_its_own_hash(tmp_path)
    with pytest.raises(ModelFileError, match="do not fit together"):
        load_classifier(tmp_path)


def test_tensors_of_one_training_and_the_config_of_another_do_not_mix(tmp_path: Path) -> None:
    save(trained(), tmp_path)
    tensors = (tmp_path / "model.pt").read_bytes()
    save(trained("logreg"), tmp_path)
    (tmp_path / "model.pt").write_bytes(tensors)
    with pytest.raises(ModelFileError, match="not of the same training"):
        load_classifier(tmp_path)


def test_a_model_of_another_version_or_space_is_refused(tmp_path: Path) -> None:
    save(trained(), tmp_path)
    with pytest.raises(ModelFileError, match="trained on features of 'space-1', but they are now 'space-2'"):
        load_classifier(tmp_path, feature_space="space-2")
    config = json.loads((tmp_path / "model_config.json").read_text())
    (tmp_path / "model_config.json").write_text(json.dumps(config | {"format": 99}))
    with pytest.raises(ModelFileError, match="format 99"):
        load_classifier(tmp_path)


def test_a_failed_write_leaves_the_old_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = trained()
    save(classifier, tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(trained("knn"), tmp_path)
    monkeypatch.undo()
    new = world().library(3, 2, seed=2)[0]
    assert load_classifier(tmp_path).predict(new) == classifier.predict(new)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.pt", "model_config.json"]


def test_what_a_killed_training_left_behind_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    classifier = trained()
    for step in count():
        died = killed(step, lambda: save(classifier, tmp_path))
        save(classifier, tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["model.pt", "model_config.json"]
        if not died:
            break
    assert step >= 4
