"""all-MiniLM-L6-v2: token ids -> 384 numbers per text. BERT with six layers and the mean over its tokens at the end.

As in transformers (`BertModel`), and a test compares the two, but with little of torch: importing transformers takes 2
s and 150 MB. Devlin et al. 2018, arXiv:1810.04805.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import tokenizers
import torch
from torch import Tensor, nn

WIDTH, HEADS, LAYERS = 384, 12, 6
CONTEXT = 256
"""Tokens that it was trained to read, marks at both ends included (its sentence_bert_config.json)."""

EPSILON = 1e-12
PADDING = 0

Tokenize = Callable[[list[str]], Tensor]
Count = Callable[[str], int]


class Layer(nn.Module):
    """Attention, then two dense layers, each added to its input and normalised."""

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        parts = [f"attention.self.{part}" for part in ("query", "key", "value")]
        weight, bias = (torch.cat([state[f"{part}.{kind}"] for part in parts]) for kind in ("weight", "bias"))
        self.attention = _linear(weight, bias)
        self.output = _linear(*_pair(state, "attention.output.dense"))
        self.after_attention = _norm(*_pair(state, "attention.output.LayerNorm"))
        self.wider = _linear(*_pair(state, "intermediate.dense"))
        self.narrower = _linear(*_pair(state, "output.dense"))
        self.after = _norm(*_pair(state, "output.LayerNorm"))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the next layer's [n, tokens, width]. The mask [n, 1, 1, tokens] says where there are words."""
        n, tokens, _width = x.shape
        query, key, value = self.attention(x).view(n, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        seen = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.after_attention(x + self.output(seen.transpose(1, 2).reshape(n, tokens, WIDTH)))
        out: Tensor = self.after(x + self.narrower(nn.functional.gelu(self.wider(x))))
        return out


class MiniLM(nn.Module):
    """The network with the weights of its `model.safetensors`."""

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        """Build the network around its weights. Raise KeyError if one is missing."""
        super().__init__()
        self.words = nn.Parameter(state["embeddings.word_embeddings.weight"], requires_grad=False)
        places = state["embeddings.position_embeddings.weight"] + state["embeddings.token_type_embeddings.weight"][0]
        self.places = nn.Parameter(places, requires_grad=False)
        self.norm = _norm(*_pair(state, "embeddings.LayerNorm"))
        self.layers = nn.ModuleList(Layer(_within(state, f"encoder.layer.{number}.")) for number in range(LAYERS))

    def forward(self, tokens: Tensor) -> Tensor:
        """Return [n, 384] for token ids [n, tokens] padded with zeros: the mean over what is not padding."""
        words = tokens != PADDING
        x = self.norm(nn.functional.embedding(tokens, self.words) + self.places[: tokens.shape[1]])
        for layer in self.layers:
            x = layer(x, words[:, None, None, :])
        mean: Tensor = (x * words[:, :, None]).sum(1) / words.sum(1, keepdim=True)
        return mean


def tokenizer(file: Path) -> tuple[Tokenize, Count]:
    """Return the function from texts to token ids, and the one that counts a word's tokens, from a `tokenizer.json`."""
    found = tokenizers.Tokenizer.from_file(str(file))
    found.enable_truncation(CONTEXT)
    found.enable_padding(pad_id=PADDING)

    def tokenize(texts: list[str]) -> Tensor:
        return torch.tensor([encoding.ids for encoding in found.encode_batch(texts)])

    def count(word: str) -> int:
        return len(found.encode(word, add_special_tokens=False).ids)

    return tokenize, count


def word_pieces(file: Path) -> Mapping[str, int]:
    """Return the vocabulary {piece: number} of a `tokenizer.json`."""
    return dict(tokenizers.Tokenizer.from_file(str(file)).get_vocab())


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
    layer.weight, layer.bias = (nn.Parameter(tensor, requires_grad=False) for tensor in (weight, bias))
    return layer


def _norm(weight: Tensor, bias: Tensor) -> nn.LayerNorm:
    layer = nn.LayerNorm(weight.shape, eps=EPSILON, device="meta")
    layer.weight, layer.bias = (nn.Parameter(tensor, requires_grad=False) for tensor in (weight, bias))
    return layer


def _pair(state: Mapping[str, Tensor], name: str) -> tuple[Tensor, Tensor]:
    return state[f"{name}.weight"], state[f"{name}.bias"]


def _within(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in state.items() if name.startswith(prefix)}
