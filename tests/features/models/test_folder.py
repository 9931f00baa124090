import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from open_clip.model import CLIP
from safetensors.torch import save_file

from sorterd.features.encoder import Encoder
from sorterd.features.models.errors import ModelsUnavailable
from sorterd.features.models.folder import load_checkpoint

SMALL = "sorterd-test-small"
CONFIG = {
    "embed_dim": 32,
    "quick_gelu": True,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "patch_size": 32},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2},
}


@pytest.fixture(scope="module", autouse=True)
def _architecture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Return a CLIP of the same kind as ViT-B-32-quickgelu, small enough to be built in a moment."""
    config = tmp_path_factory.mktemp("configs") / f"{SMALL}.json"
    config.write_text(json.dumps(CONFIG))
    open_clip.add_model_config(config)
    yield
    open_clip.factory._MODEL_CONFIG_PATHS.remove(config)
    open_clip.factory._rescan_model_configs()


@pytest.fixture
def network() -> CLIP:
    torch.manual_seed(0)
    model: CLIP = open_clip.create_model(SMALL).eval()
    return model


def vectors(
    model: str, weights: Path, precision: torch.dtype = torch.float32
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    encoder = Encoder(load_checkpoint(model, weights, {}, precision), torch.device("cpu"))
    pictures = list(np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8))
    return np.concatenate([encoder.images(pictures), encoder.texts(["a cake", "a dog"])])


def saved(network: CLIP, folder: Path, kind: str) -> Path:
    weights = folder / f"weights.{kind}"
    state = network.state_dict()
    save_file(state, weights) if kind == "safetensors" else torch.save(state, weights)
    return weights


@pytest.mark.parametrize("kind", ["safetensors", "pt", "bin"])
def test_a_checkpoint_gives_the_vectors_of_the_model_that_was_saved(tmp_path: Path, network: CLIP, kind: str) -> None:
    weights = saved(network, tmp_path, kind)
    found = vectors(SMALL, weights)
    with torch.inference_mode():
        tokens = open_clip.get_tokenizer(SMALL)(["a cake", "a dog"])
        texts = network.encode_text(tokens, normalize=True)
    assert found.shape == (4, 32)
    assert np.allclose(found[2:], texts.numpy(), atol=1e-5)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("kind", ["safetensors", "pt"])
def test_half_precision_hardly_changes_pictures_and_never_texts(tmp_path: Path, network: CLIP, kind: str) -> None:
    weights = saved(network, tmp_path, kind)
    whole, half = (vectors(SMALL, weights, precision) for precision in (torch.float32, torch.bfloat16))
    seen = (whole[:2] * half[:2]).sum(1)
    assert seen.min() > 0.999
    assert not np.array_equal(whole[:2], half[:2])
    assert np.array_equal(whole[2:], half[2:])


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="needs Linux")
def test_the_full_precision_weights_do_not_stay_in_memory(tmp_path: Path, network: CLIP) -> None:
    weights = saved(network, tmp_path, "safetensors")
    towers = load_checkpoint(SMALL, weights, {}, torch.bfloat16)
    mappings = Path("/proc/self/maps").read_text().splitlines()
    assert sum(str(weights) in line for line in mappings) == 1  # that of the text tower; the first one is gone
    assert towers.precision == torch.bfloat16


def test_pictures_are_prepared_as_open_clip_prepares_them(tmp_path: Path, network: CLIP) -> None:
    weights = saved(network, tmp_path, "safetensors")
    towers = load_checkpoint(SMALL, weights, {})
    assert towers.mean == tuple(open_clip.OPENAI_DATASET_MEAN)
    assert towers.std == tuple(open_clip.OPENAI_DATASET_STD)
    assert (towers.shape.size, towers.shape.fit, towers.context, towers.widths) == (64, "shortest", 75, (32, 32))
    siglip = load_checkpoint(SMALL, weights, {"mean": (0.5,) * 3, "std": (0.5,) * 3, "resize_mode": "squash"})
    assert (siglip.mean, siglip.shape.fit) == ((0.5,) * 3, "squash")


def test_tokens_are_counted_as_the_tokenizer_makes_them(tmp_path: Path, network: CLIP) -> None:
    weights = saved(network, tmp_path, "safetensors")
    towers = load_checkpoint(SMALL, weights, {})
    words = ["Unbelievable,", "isn't", "it?"]
    assert int((towers.tokenize([" ".join(words)]) != 0).sum()) == sum(map(towers.count, words)) + 2


def reason_of(weights: Path, model: str = SMALL) -> str:
    with pytest.raises(ModelsUnavailable) as caught:
        load_checkpoint(model, weights, {})
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 500
    return message


def test_a_checkpoint_that_does_not_fit_is_refused(tmp_path: Path, network: CLIP) -> None:
    whole = network.state_dict()
    wrong_size = {name: tensor[..., :1].clone() if tensor.ndim else tensor for name, tensor in whole.items()}
    one_missing = {name: tensor for name, tensor in whole.items() if name != "ln_final.weight"}
    for state, said in (
        (one_missing, "ln_final.weight"),
        (wrong_size, "is no checkpoint of"),
        ({"encoder.weight": torch.zeros(3)}, f"is no checkpoint of {SMALL}"),
    ):
        torch.save(state, tmp_path / "weights.pt")
        assert said in reason_of(tmp_path / "weights.pt")


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("/tmp/sorterd-was-here"),))


def test_a_checkpoint_that_would_run_code_is_refused_and_runs_none(tmp_path: Path) -> None:
    mark = Path("/tmp/sorterd-was-here")
    with (tmp_path / "evil.pt").open("wb") as file:
        pickle.dump({"state_dict": Bomb()}, file)
    torch.save({"state_dict": Bomb()}, tmp_path / "evil.bin")
    for name in ("evil.pt", "evil.bin"):
        assert "is no checkpoint of" in reason_of(tmp_path / name)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04 half a zip"])
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_file_that_is_no_checkpoint_at_all_is_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    weights = tmp_path / f"weights{suffix}"
    weights.write_bytes(content)
    assert str(weights) in reason_of(weights)


def test_other_kinds_of_files_and_unknown_models_are_refused(tmp_path: Path) -> None:
    assert ".safetensors" in reason_of(tmp_path / "weights.onnx")
    assert "no model 'ViT-Z'" in reason_of(tmp_path / "weights.pt", "ViT-Z")
