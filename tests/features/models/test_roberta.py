from pathlib import Path

import huggingface_hub
import numpy as np
import open_clip
import pytest
import torch
from huggingface_hub import constants
from open_clip.hf_model import HFTextEncoder
from open_clip.tokenizer import get_clean_fn
from support.films import film
from support.towers import small_tokenizer, sparse_checkpoint
from transformers import PreTrainedTokenizerFast, XLMRobertaConfig

from sorterd.features.extractor import Extractor
from sorterd.features.models import ModelsUnavailable, fetch, find, hub
from sorterd.features.models.folder import _network
from sorterd.features.models.lean import unfilled
from sorterd.features.models.resolve import digest
from sorterd.features.models.roberta import CONTEXT, PADDING, RobertaTokenizer, RobertaTower, Shape, shape_of
from sorterd.features.settings import FeatureSettings
from sorterd.features.transcript import chunks

MULTILINGUAL = "xlm-roberta-base-ViT-B-32"
TEXTS = [
    "Today I will show you how I clean my bicycle.",
    "Всем привет, сегодня я покажу, как я чищу свой велосипед.",
    "今日はケーキを焼きます。卵とバターと砂糖が必要です。",
    "Xin chào mọi người, hôm nay tôi sẽ chỉ cho các bạn cách rửa xe đạp.",
    "मैं अपनी साइकिल कैसे साफ करता हूं।",
]


@pytest.fixture(scope="module")
def tokenizer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_tokenizer(tmp_path_factory.mktemp("tokenizer") / "tokenizer.json", TEXTS * 5)


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory, tokenizer_file: Path) -> Path:
    """Return a folder with the multilingual model in its true shape, as it is fetched from the hub."""
    folder = tmp_path_factory.mktemp(MULTILINGUAL)
    with unfilled():
        state = _network(MULTILINGUAL, {}).state_dict()
    sparse_checkpoint(folder / "open_clip_model.safetensors", state)
    (folder / "tokenizer.json").write_bytes(tokenizer_file.read_bytes())
    return folder


def settings(weights: Path) -> FeatureSettings:
    return FeatureSettings(models="clip", clip_model=MULTILINGUAL, weights=str(weights), whisper="off", device="cpu")


def test_the_tower_gives_the_vectors_of_the_one_that_open_clip_builds() -> None:
    torch.manual_seed(0)
    config = XLMRobertaConfig(
        vocab_size=300, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=128,
        max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=PADDING,
    )  # fmt: skip
    theirs = HFTextEncoder("-", output_dim=16, config=config, pooler_type="mean_pooler", proj_type="mlp").eval()
    ours = RobertaTower(Shape(words=300, width=32, heads=4, layers=3), output=16).eval()
    ours.load_state_dict({name: tensor for name, tensor in theirs.state_dict().items() if ".pooler." not in name})
    tokens = torch.randint(2, 300, (5, CONTEXT))
    tokens[1, 20:] = tokens[3, 2:] = PADDING
    with torch.inference_mode():
        assert torch.allclose(ours(tokens), theirs(tokens), atol=1e-6)
        assert torch.allclose(ours(tokens[1:2, :20]), theirs(tokens[1:2]), atol=1e-6)  # padding may be cut off


def test_texts_become_the_tokens_that_open_clip_makes_of_them(tokenizer_file: Path) -> None:
    ours = RobertaTokenizer(tokenizer_file, get_clean_fn("whitespace"))
    theirs = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(tokenizer_file), bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )
    texts = [*TEXTS, "", "  two   spaces ", "word " * 200]
    clean = [get_clean_fn("whitespace")(text) for text in texts]
    made = theirs(clean, return_tensors="pt", max_length=CONTEXT, padding="max_length", truncation=True).input_ids
    assert torch.equal(ours(texts), made[:, : ours(texts).shape[1]])
    assert ours(texts).shape[1] == CONTEXT


@pytest.mark.parametrize(
    ("model", "ours"),
    [
        (MULTILINGUAL, True),
        ("xlm-roberta-large-ViT-H-14", True),
        ("roberta-ViT-B-32", True),
        ("ViT-B-32", False),
        ("coca_roberta-ViT-B-32", False),
        ("nllb-clip-base", False),
        ("ViT-B-16-SigLIP", False),
    ],
)
def test_the_towers_of_robertas_are_ours(model: str, ours: bool) -> None:
    assert (shape_of(open_clip.get_model_config(model)) is not None) is ours


def test_the_multilingual_model_has_the_size_of_the_published_file(multilingual: Path) -> None:
    size = (multilingual / "open_clip_model.safetensors").stat().st_size
    assert size == pytest.approx(1.46e9, rel=0.005)  # as its repository lists it
    with unfilled():
        parts = _network(MULTILINGUAL, {}).text.state_dict()
    assert {name: tuple(parts[name].shape) for name in ("proj.0.weight", "proj.2.weight")} == {
        "proj.0.weight": (640, 768),
        "proj.2.weight": (512, 640),
    }


def test_the_multilingual_model_works_from_a_local_folder_without_a_network(
    multilingual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "reachable", lambda: pytest.fail("the hub was asked"))
    extractor = Extractor.load(settings(multilingual))
    assert extractor.space.widths[:2] == (512, 512)
    vectors = extractor.embed_texts(TEXTS)
    assert vectors.shape == (5, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors @ vectors.T)[~np.eye(5, dtype=bool)].max() < 0.999
    assert np.allclose(extractor.embed_texts(TEXTS[1:2]), vectors[1:2], atol=1e-5)  # whatever stands beside it
    [clip] = extractor.extract([("a", bytes(film(tmp_path / "a.mp4")))], lambda _: None)
    assert clip.vector.shape == (1024,)  # type: ignore[union-attr]
    assert np.isfinite(clip.vector).all()  # type: ignore[union-attr]


def test_a_transcript_in_any_script_is_cut_into_pieces_that_the_tower_reads_whole(tokenizer_file: Path) -> None:
    tokenizer = RobertaTokenizer(tokenizer_file, get_clean_fn("whitespace"))
    for text in TEXTS:
        pieces = chunks(" ".join([text] * 12), lambda word: len(tokenizer.encode(word)), CONTEXT - 2)
        assert len(pieces) > 1
        assert all(len(tokenizer.encode(piece)) <= CONTEXT - 2 for piece in pieces)
        assert "".join(pieces).replace(" ", "") == "".join([text] * 12).replace(" ", "")


def test_another_tokenizer_is_another_feature_space(tmp_path: Path) -> None:
    (tmp_path / "open_clip_model.safetensors").write_bytes(b"weights")
    names = set()
    for tokenizer in (b"one", b"another"):
        (tmp_path / "tokenizer.json").write_bytes(tokenizer)
        names.add(digest(find(settings(tmp_path), fetch=False)))
    assert len(names) == 2


def reason_of(weights: Path) -> str:
    with pytest.raises(ModelsUnavailable) as caught:
        Extractor.load(settings(weights))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_missing_damaged_or_foreign_tokenizer_is_named(multilingual: Path, tmp_path: Path) -> None:
    weights = tmp_path / "open_clip_model.safetensors"
    weights.symlink_to(multilingual / "open_clip_model.safetensors")
    assert f"needs its tokenizer.json beside {weights}" in reason_of(tmp_path)
    tokenizer = tmp_path / "tokenizer.json"
    for content in ("", "{}", "[" * 100_000):
        tokenizer.write_text(content)
        assert "tokenizer" in reason_of(weights)


def test_the_tokenizer_is_fetched_as_well(multilingual: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hub, "reachable", lambda: True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    asked: list[str] = []

    def download(repository: str, name: str) -> str:
        asked.append(f"{repository}/{name}")
        return str(multilingual / name)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    tag = FeatureSettings(models="clip", clip_model=MULTILINGUAL, weights="laion5b_s13b_b90k", whisper="off")
    assert fetch(tag)[:2] == [
        f"image and text: {multilingual / 'open_clip_model.safetensors'}",
        f"tokenizer: {multilingual / 'tokenizer.json'}",
    ]
    folder = "laion/CLIP-ViT-B-32-xlm-roberta-base-laion5B-s13B-b90k"
    assert asked == [f"{folder}/open_clip_model.safetensors", f"{folder}/tokenizer.json"]


def test_weights_without_their_tokenizer_are_not_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hub, "clip_weights", lambda *_, **__: tmp_path / "weights.safetensors")
    monkeypatch.setattr(hub, "tokenizer", lambda *_, **__: None)
    tag = FeatureSettings(models="clip", clip_model=MULTILINGUAL, weights="laion5b_s13b_b90k")
    with pytest.raises(ModelsUnavailable, match="not here"):
        find(tag, fetch=False)
