"""CLIP models of their true shape with few weights: files with holes, which take hardly any disk and little memory."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import tokenizers
import torch
from tokenizers import models, pre_tokenizers, processors, trainers

WORDS = 400
"""Words of the small tokenizer at most: only their rows of the word vectors are filled."""


def sparse_checkpoint(path: Path, state: Mapping[str, torch.Tensor]) -> Path:
    """Write a safetensors file with tensors of these shapes; return its path.

    Norms are ones; the first layer, what stands before and after the layers, and the vectors of the first words are
    random; the rest are zeros, with which the other layers change nothing.
    """
    header: dict[str, dict[str, object]] = {}
    starts: dict[str, int] = {}
    offset = 0
    for name, tensor in state.items():
        size = 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        starts[name] = offset // 4
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + offset)
    data = np.memmap(path, np.float32, "r+", offset=8 + len(text))
    random = np.random.default_rng(0)
    for name, first in starts.items():
        rows = state[name]
        if rows.ndim == 1 and name.endswith("weight"):
            data[first : first + rows.numel()] = 1
        elif (".layer." not in name and "resblocks" not in name) or ".layer.0." in name or "resblocks.0." in name:
            count = min(rows.numel(), WORDS * rows.shape[-1]) if "embedding.weight" in name else rows.numel()
            count = min(count, WORDS * rows.shape[-1]) if "word_embeddings" in name else count
            data[first : first + count] = random.normal(0, 0.02, max(count, 0))
    data.flush()
    return path


def small_tokenizer(path: Path, texts: Sequence[str]) -> Path:
    """Write a `tokenizer.json` of XLM-RoBERTa's kind, trained on these texts; return its path."""
    made = tokenizers.Tokenizer(models.Unigram())
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=WORDS, special_tokens=special, unk_token="<unk>", show_progress=False)
    made.train_from_iterator(texts, trainer)
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    made.save(str(path))
    return path
