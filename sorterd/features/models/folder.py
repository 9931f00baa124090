"""Load a CLIP model from a local checkpoint completely or not at all: no random weights, no pickle."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import open_clip
import torch
from open_clip.hf_model import HFTextEncoder
from open_clip.tokenizer import HFTokenizer, get_clean_fn
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from sorterd.features.encoder import Towers
from sorterd.features.models.errors import ModelsUnavailable
from sorterd.features.models.lean import unfilled
from sorterd.features.models.local import SUFFIXES
from sorterd.features.models.roberta import PADDING, RobertaTokenizer, RobertaTower, shape_of
from sorterd.features.picture import PictureShape

MISFITS = (
    *(RuntimeError, AssertionError, LookupError, AttributeError, TypeError, ValueError, StopIteration, EOFError),
    *(pickle.UnpicklingError, SafetensorError),
)
"""What open_clip, torch and safetensors raise for a file that is no checkpoint, or one of another model."""


NO_TEXT_TOWER = {"context_length": 1, "vocab_size": 1, "width": 8, "heads": 1, "layers": 1}
"""The description of a text tower that is replaced at once."""


def load_checkpoint(
    model: str,
    weights: Path,
    preprocess: Mapping[str, Any],
    precision: torch.dtype = torch.float32,
    tokenizer_file: Path | None = None,
) -> Towers:
    """Return the towers of an open_clip model, loaded from a checkpoint. Empty preprocessing means OpenAI's.

    `precision` is that of the image tower. The text tower is in float32. `tokenizer_file` is needed by models with a
    tokenizer of their own (`roberta.py`). Raise ModelsUnavailable if the file is not a checkpoint of exactly this model
    or the tokenizer does not belong to it.
    """
    if weights.suffix not in SUFFIXES:
        raise ModelsUnavailable(f"features.clip.weights: {weights} is none of {', '.join(SUFFIXES)}")
    if model not in open_clip.list_models():
        raise ModelsUnavailable(f"features.clip.model: open_clip has no model {model!r}, ViT-B-32-quickgelu is usual")
    try:
        with unfilled():
            network = _network(model, preprocess)
        # The weights replace the empty ones instead of being copied into them. Those of a safetensors file then stay
        # mapped, and unused parts (most of the 100 MB of word vectors) are never read.
        network.load_state_dict = partial(network.load_state_dict, assign=True)
        open_clip.load_checkpoint(network, str(weights), strict=True, weights_only=True)
        del network.load_state_dict
        network.float()
        if precision != torch.float32:
            network.visual.to(precision)
            _map_again(network, weights)
        tokenizer = _tokenizer(model, network, tokenizer_file)
    except ImportError as error:
        raise ModelsUnavailable(
            f"features.clip.model: {model} needs a library that is not installed ({error.name}): models with a text "
            "tower of CLIP or RoBERTa need none"
        ) from error
    except MISFITS as error:
        problem = " ".join(str(error).split())[:200]
        raise ModelsUnavailable(f"features.clip.weights: {weights} is no checkpoint of {model}: {problem}") from error
    except OSError as error:
        raise ModelsUnavailable(f"features.clip.weights: {weights} cannot be loaded: {error}") from error
    return towers_of(network, tokenizer)


def _network(model: str, preprocess: Mapping[str, Any]) -> Any:
    """Return the network of an open_clip model without weights. A RoBERTa in it is ours."""
    description = open_clip.get_model_config(model)
    shape = shape_of(description)
    if shape is None:
        return open_clip.create_model(model, pretrained_text=False, force_preprocess_cfg=dict(preprocess))
    network = open_clip.create_model(model, force_preprocess_cfg=dict(preprocess), text_cfg=NO_TEXT_TOWER)
    network.text = RobertaTower(shape, description["embed_dim"])
    return network


def _tokenizer(model: str, network: Any, file: Path | None) -> Any:
    if not isinstance(getattr(network, "text", None), RobertaTower):
        return open_clip.get_tokenizer(model)
    if file is None:
        raise ModelsUnavailable(f"features.clip.model: {model} needs its tokenizer.json beside its weights")
    tokenizer = RobertaTokenizer(file, get_clean_fn("whitespace"))
    words = network.text.transformer.embeddings.word_embeddings.num_embeddings
    if tokenizer.words > words:
        raise ModelsUnavailable(
            f"features.clip.weights: {file} is the tokenizer of another model: it has {tokenizer.words} words, and "
            f"{model} knows {words}"
        )
    return tokenizer


def _map_again(network: nn.Module, weights: Path) -> None:
    """Map a safetensors file again for the weights still taken from it, so that what was read of it so far is unmapped.

    The image tower has copies of its own weights. Those in the file would count as memory of this process for good.
    """
    if weights.suffix != ".safetensors":
        return
    kept = network.state_dict()
    used = {name: tensor for name, tensor in load_file(weights).items() if name in kept and _same(tensor, kept[name])}
    network.load_state_dict(used, strict=False, assign=True)


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and one.dtype == other.dtype


def towers_of(network: Any, tokenizer: Any) -> Towers:
    """Return an open_clip model and its tokenizer as towers."""
    config = network.visual.preprocess_cfg
    size = config["size"]
    with torch.inference_mode():
        width = int(network.encode_text(tokenizer([""])).shape[-1])  # both towers of a CLIP model end in the same space
    return Towers(
        model=network,
        shape=PictureShape(size if isinstance(size, int) else int(size[0]), config["resize_mode"]),
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        tokenize=tokenizer,
        count=_counter(tokenizer),
        context=int(tokenizer.context_length) - 2,
        widths=(width, width),
        precision=next(network.visual.parameters()).dtype,
        pad=_padding(getattr(network, "text", None)),
    )


def _padding(text: object) -> int | None:
    if isinstance(text, RobertaTower):
        return PADDING
    return int(text.config.pad_token_id) if isinstance(text, HFTextEncoder) else None


def _counter(tokenizer: Any) -> Any:
    if isinstance(tokenizer, HFTokenizer):
        return lambda word: len(tokenizer.tokenizer.encode(word, add_special_tokens=False))
    if hasattr(tokenizer, "encode"):
        return lambda word: len(tokenizer.encode(word))
    return lambda word: len(tokenizer.tokenizer.encode(word, add_special_tokens=False))
