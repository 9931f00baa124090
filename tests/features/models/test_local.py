import json
from pathlib import Path
from typing import Any

import open_clip
import pytest

from sorterd.features.models import ModelsUnavailable, find
from sorterd.features.models.resolve import digest
from sorterd.features.settings import FeatureSettings

BEST = "open_clip_model.safetensors"


def settings(weights: Path) -> FeatureSettings:
    return FeatureSettings(models="clip", clip_model="ViT-B-32", weights=str(weights), whisper="off", device="cpu")


def describe(folder: Path, model: str = "ViT-B-32", **preprocess: Any) -> None:
    description = {"model_cfg": open_clip.get_model_config(model), "preprocess_cfg": preprocess}
    (folder / "open_clip_config.json").write_text(json.dumps(description))


def test_a_folder_and_the_checkpoint_in_it_are_one_model(tmp_path: Path) -> None:
    (tmp_path / BEST).write_bytes(b"weights")
    describe(tmp_path, mean=[0.48145466, 0.4578275, 0.40821073], std=[0.26862954, 0.26130258, 0.27577711])
    assert digest(find(settings(tmp_path), fetch=False)) == digest(find(settings(tmp_path / BEST), fetch=False))


def test_of_several_checkpoints_the_safest_of_open_clip_is_taken(tmp_path: Path) -> None:
    for name in ("model.safetensors", "pytorch_model.bin", "open_clip_pytorch_model.bin"):
        (tmp_path / name).touch()
    assert find(settings(tmp_path), fetch=False).weights == tmp_path / "open_clip_pytorch_model.bin"
    (tmp_path / BEST).touch()
    assert find(settings(tmp_path), fetch=False).weights == tmp_path / BEST


def test_a_single_checkpoint_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    (tmp_path / "my clip.pt").touch()
    assert find(settings(tmp_path), fetch=False).weights == tmp_path / "my clip.pt"


def reason_of(wanted: FeatureSettings) -> str:
    with pytest.raises(ModelsUnavailable) as caught:
        find(wanted, fetch=False)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_without_or_with_several_checkpoints_is_refused(tmp_path: Path) -> None:
    assert f"{tmp_path} has no {BEST}" in reason_of(settings(tmp_path))
    for name in ("a.pt", "b.safetensors"):
        (tmp_path / name).touch()
    assert "has several checkpoints (a.pt, b.safetensors): name one" in reason_of(settings(tmp_path))


def test_a_folder_says_how_its_pictures_are_prepared_and_that_is_another_space(tmp_path: Path) -> None:
    (tmp_path / BEST).write_bytes(b"weights")
    plain = digest(find(settings(tmp_path), fetch=False))
    describe(tmp_path, mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5], resize_mode="squash", size=224)
    found = find(settings(tmp_path), fetch=False)
    assert found.preprocess == {"mean": (0.5,) * 3, "std": (0.5,) * 3, "resize_mode": "squash"}
    assert digest(found) != plain


def test_the_description_of_another_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / BEST).write_bytes(b"weights")
    describe(tmp_path, "ViT-B-32-quickgelu")  # open_clip would compute worse vectors without a word
    assert "quick_gelu" in reason_of(settings(tmp_path))
    describe(tmp_path, "ViT-L-14")
    assert "embed_dim" in reason_of(settings(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "null", "[" * 100_000, '{"model_cfg": 1}',
        '{"model_cfg": {"embed_dim": 512}, "preprocess_cfg": 3}',
        '{"model_cfg": {"embed_dim": 512}, "preprocess_cfg": {"std": [0, 1, 1]}}',
        '{"model_cfg": {"embed_dim": 512}, "preprocess_cfg": {"mean": [NaN, 1, 1]}}',
        '{"model_cfg": {"embed_dim": 512}, "preprocess_cfg": {"mean": "abc"}}',
        '{"model_cfg": {"embed_dim": 512}, "preprocess_cfg": {"resize_mode": "stretch"}}',
    ],
)  # fmt: skip
def test_a_damaged_description_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / BEST).write_bytes(b"weights")
    (tmp_path / "open_clip_config.json").write_text(text)
    assert "open_clip_config.json cannot be used" in reason_of(settings(tmp_path))
