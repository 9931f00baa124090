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
from open_clip.tokenizer import HFTokenizer
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from sorterd.features.encoder import Towers
from sorterd.features.models.errors import ModelsUnavailable
from sorterd.features.models.lean import unfilled
from sorterd.features.picture import PictureShape

SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")

MISFITS = (
    *(RuntimeError, AssertionError, LookupError, AttributeError, TypeError, ValueError, StopIteration, EOFError),
    *(pickle.UnpicklingError, SafetensorError),
)
"""What open_clip, torch and safetensors raise for a file that is no checkpoint, or one of another model."""


def load_checkpoint(
    model: str, weights: Path, preprocess: Mapping[str, Any], precision: torch.dtype = torch.float32
) -> Towers:
    """Return the towers of an open_clip model, loaded from a checkpoint. Empty preprocessing means OpenAI's.

    `precision` is that of the image tower; the text tower is in float32. Raise ModelsUnavailable if the file is not a
    checkpoint of exactly this model.
    """
    if weights.suffix not in SUFFIXES:
        raise ModelsUnavailable(f"features.clip.weights: {weights} is none of {', '.join(SUFFIXES)}")
    if model not in open_clip.list_models():
        raise ModelsUnavailable(f"features.clip.model: open_clip has no model {model!r}, ViT-B-32-quickgelu is usual")
    try:
        with unfilled():
            network = open_clip.create_model(model, pretrained_text=False, force_preprocess_cfg=dict(preprocess))
        # The weights replace the empty ones instead of being copied into them. Those of a safetensors file then stay
        # mapped, and unused parts (most of the 100 MB of word vectors) are never read.
        network.load_state_dict = partial(network.load_state_dict, assign=True)
        open_clip.load_checkpoint(network, str(weights), strict=True, weights_only=True)
        del network.load_state_dict
        network.float()
        if precision != torch.float32:
            network.visual.to(precision)
            _map_again(network, weights)
        tokenizer = open_clip.get_tokenizer(model)
    except MISFITS as error:
        problem = " ".join(str(error).split())[:200]
        raise ModelsUnavailable(f"features.clip.weights: {weights} is no checkpoint of {model}: {problem}") from error
    except OSError as error:
        raise ModelsUnavailable(f"features.clip.weights: {weights} cannot be loaded: {error}") from error
    return towers_of(network, tokenizer)


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
        pad=network.text.config.pad_token_id if isinstance(getattr(network, "text", None), HFTextEncoder) else None,
    )


def _counter(tokenizer: Any) -> Any:
    if isinstance(tokenizer, HFTokenizer):
        return lambda word: len(tokenizer.tokenizer.encode(word, add_special_tokens=False))
    if hasattr(tokenizer, "encode"):
        return lambda word: len(tokenizer.encode(word))
    return lambda word: len(tokenizer.tokenizer.encode(word, add_special_tokens=False))
