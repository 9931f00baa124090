from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from sorterd.features import words
from sorterd.features.models import embedded, minilm
from sorterd.features.models.minilm import MiniLM, tokenizer

TEXTS = ["Welcome to my kitchen", "“naïve” Köche, 蛋糕 & 42 %\n" * 3, "", "word " * 400]


@pytest.fixture(scope="module")
def folder() -> Path:
    return embedded._folder(words.PACKAGE) / "model"


def test_it_gives_the_vectors_of_the_network_in_transformers(folder: Path) -> None:
    transformers = pytest.importorskip("transformers")
    theirs = transformers.BertModel.from_pretrained(str(folder), add_pooling_layer=False).eval()
    options = {"padding": True, "truncation": True, "max_length": minilm.CONTEXT, "return_tensors": "pt"}
    their_tokens = transformers.AutoTokenizer.from_pretrained(str(folder))(TEXTS, **options)
    tokenize, _count = tokenizer(folder / "tokenizer.json")
    tokens = tokenize(TEXTS)
    assert torch.equal(tokens, their_tokens["input_ids"])
    words = their_tokens["attention_mask"][..., None]
    with torch.inference_mode():
        mean = (theirs(**their_tokens).last_hidden_state * words).sum(1) / words.sum(1)
        assert torch.allclose(MiniLM(load_file(folder / "model.safetensors"))(tokens), mean, atol=1e-5)


def test_tokens_are_counted_as_they_are_made(folder: Path) -> None:
    tokenize, count = tokenizer(folder / "tokenizer.json")
    words = ["Unbelievable,", "isn't", "it?"]
    assert int((tokenize([" ".join(words)]) != minilm.PADDING).sum()) == sum(map(count, words)) + 2


def test_a_missing_weight_is_an_error(folder: Path) -> None:
    state = load_file(folder / "model.safetensors")
    del state["encoder.layer.3.output.dense.bias"]
    with pytest.raises(KeyError):
        MiniLM(state)
