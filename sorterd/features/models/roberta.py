"""RoBERTa as the text tower of a CLIP model: token ids -> one vector per text, also of XLM-RoBERTa for 100 languages.

open_clip builds it with transformers, which asks the model hub for its description at each start, takes seconds to
import, and is no dependency of ours. The parts are named as there, so that open_clip's checkpoints load strictly, and a
test compares the two. Liu et al. 2019, arXiv:1907.11692; Conneau et al. 2020, arXiv:1911.02116.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tokenizers
import torch
from torch import Tensor, nn

PADDING = 1
"""Token id of padding. Positions are counted from the one after it."""

CONTEXT = 77
"""Tokens that the towers were trained to read, marks at both ends included (open_clip's default, which they keep)."""

EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a network. `positions` includes those up to the padding id, which no token has."""

    words: int
    width: int
    heads: int
    layers: int
    positions: int = 514


SHAPES = {
    "roberta-base": Shape(words=50265, width=768, heads=12, layers=12),
    "xlm-roberta-base": Shape(words=250002, width=768, heads=12, layers=12),
    "xlm-roberta-large": Shape(words=250002, width=1024, heads=16, layers=24),
}
"""By the name in open_clip's model descriptions (`hf_model_name`)."""


def shape_of(description: Mapping[str, Any]) -> Shape | None:
    """Return the shape of the text tower in an open_clip model's description, or None if it is no such tower."""
    text = description.get("text_cfg", {})
    if text.get("hf_pooler_type") != "mean_pooler" or text.get("hf_proj_type", "mlp") != "mlp":
        return None
    if "multimodal_cfg" in description:  # CoCa
        return None
    return SHAPES.get(text.get("hf_model_name", ""))


class RobertaTower(nn.Module):
    """The network and the projection into the space of the pictures, [n, output] for token ids [n, tokens]."""

    def __init__(self, shape: Shape, output: int) -> None:
        super().__init__()
        self.transformer = _Transformer(shape)
        hidden = (shape.width + output) // 2
        self.proj = nn.Sequential(
            nn.Linear(shape.width, hidden, bias=False), nn.GELU(), nn.Linear(hidden, output, bias=False)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """Return one row per text: the mean over what is not padding, projected."""
        words = tokens != PADDING
        x = self.transformer(tokens, words)
        mean = (x * words[:, :, None]).sum(1) / words.sum(1, keepdim=True)
        projected: Tensor = self.proj(mean)
        return projected


class _Transformer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.embeddings = _Embeddings(shape)
        self.encoder = _Encoder(shape)

    def forward(self, tokens: Tensor, words: Tensor) -> Tensor:
        out: Tensor = self.encoder(self.embeddings(tokens), words[:, None, None, :])
        return out


class _Embeddings(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.words, shape.width)
        self.position_embeddings = nn.Embedding(shape.positions, shape.width)
        self.token_type_embeddings = nn.Embedding(1, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, EPSILON)

    def forward(self, tokens: Tensor) -> Tensor:
        first = PADDING + 1  # padding is at the end only, so each token's place is its index
        places = self.position_embeddings.weight[first : first + tokens.shape[1]]
        x = self.word_embeddings(tokens) + places + self.token_type_embeddings.weight[0]
        out: Tensor = self.LayerNorm(x)
        return out


class _Encoder(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.layer = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        for layer in self.layer:
            x = layer(x, mask)
        return x


class _Layer(nn.Module):
    """Attention, then two dense layers, each added to its input and normalised."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = _Attention(shape)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(shape.width, 4 * shape.width)})
        self.output = _Output(4 * shape.width, shape.width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = self.attention(x, mask)
        out: Tensor = self.output(nn.functional.gelu(self.intermediate["dense"](x)), x)
        return out


class _Attention(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.self = nn.ModuleDict({name: nn.Linear(shape.width, shape.width) for name in ("query", "key", "value")})
        self.output = _Output(shape.width, shape.width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        n, tokens, width = x.shape
        query, key, value = (
            self.self[name](x).view(n, tokens, self.heads, -1).transpose(1, 2) for name in ("query", "key", "value")
        )
        seen = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        out: Tensor = self.output(seen.transpose(1, 2).reshape(n, tokens, width), x)
        return out


class _Output(nn.Module):
    def __init__(self, width: int, output: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, output)
        self.LayerNorm = nn.LayerNorm(output, EPSILON)

    def forward(self, x: Tensor, residual: Tensor) -> Tensor:
        out: Tensor = self.LayerNorm(self.dense(x) + residual)
        return out


class RobertaTokenizer:
    """A `tokenizer.json`, and open_clip's cleaning of the text before it."""

    def __init__(self, file: Path, clean: Callable[[str], str]) -> None:
        """Raise ValueError if the file is no tokenizer."""
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises nothing narrower
            raise ValueError(f"{file} is no tokenizer: {error}") from error
        self._clean = clean
        self._tokenizer.enable_truncation(CONTEXT)
        self._tokenizer.enable_padding(pad_id=PADDING)
        self.context_length = CONTEXT
        self.words = self._tokenizer.get_vocab_size()

    def __call__(self, texts: list[str]) -> Tensor:
        """Return token ids [n, tokens], padded to the longest text."""
        return torch.tensor([one.ids for one in self._tokenizer.encode_batch([self._clean(text) for text in texts])])

    def encode(self, word: str) -> list[int]:
        """Return the token ids of one word, without marks."""
        ids: list[int] = self._tokenizer.encode(word, add_special_tokens=False).ids
        return ids
