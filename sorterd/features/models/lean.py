"""Load a plain CLIP model from cold without what only other models need, and without initialising it at random.

Measured with ViT-B/32 from a safetensors file (torch 2.15, open_clip after torch, one thread of the processor):

| step | with this file | without it | on `torch.device("meta")` instead |
| --- | --- | --- | --- |
| `import open_clip` | 0.5 s, 56 MB | 2.7 s, 243 MB | |
| build and load the network | 0.3 s, 221 MB | 1.3 s, 614 MB | 2.0 s, 360 MB: its kernels load torch's compiler |

open_clip goes without timm and transformers if they are not installed; torchvision loads torch's compiler for one
function that asks whether it may be used.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from sorterd.features.models.roberta import shape_of
from sorterd.features.settings import FeatureSettings

_NOT_NEEDED = ("timm", "transformers")
_COMPILER = ("torch._dynamo", "torch._dynamo.utils")
_FILLS = (
    *(torch.Tensor.normal_, torch.Tensor.uniform_),
    *(nn.init.normal_, nn.init.uniform_, nn.init.kaiming_uniform_),  # torch itself passes `tensor` as a keyword
)


def is_plain(settings: FeatureSettings) -> bool:
    """Return whether open_clip builds this CLIP model by itself, or we its text tower, according to its description."""
    open_clip = importlib.util.find_spec("open_clip")  # does not import it
    if open_clip is None or not open_clip.submodule_search_locations:
        return False
    folder = Path(open_clip.submodule_search_locations[0]) / "model_configs"
    try:
        text = (folder / f"{settings.clip_model}.json").read_text()
    except OSError:
        return False
    return "timm_" not in text and ("hf_" not in text or shape_of(json.loads(text)) is not None)


@contextmanager
def only_clip(settings: FeatureSettings) -> Iterator[bool]:
    """Let the block import open_clip. Yield whether the import is lean, which then holds for the rest of this process.

    Only for a process that will use no other model than this CLIP model. Nothing changes if any of it is loaded
    already.
    """
    names = (*_NOT_NEEDED, *_COMPILER)
    if not is_plain(settings) or "open_clip" in sys.modules or any(name in sys.modules for name in names):
        yield False
        return
    modules: dict[str, Any] = sys.modules  # None: as if not installed
    modules |= dict.fromkeys(_NOT_NEEDED)
    compiler, utils = (ModuleType(name) for name in _COMPILER)
    utils.is_compile_supported = lambda _device: False  # type: ignore[attr-defined]
    compiler.utils, compiler.__path__ = utils, []  # type: ignore[attr-defined]
    modules |= dict(zip(_COMPILER, (compiler, utils), strict=True))
    try:
        import open_clip  # noqa: F401

        yield True
    finally:
        for name in names:
            del modules[name]


class _NoFilling(TorchFunctionMode):
    """Works one level above the dispatcher: a mode down there would load torch's compiler, 2 s and 150 MB."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func in _FILLS:
            return args[0] if args else kwargs["tensor"]
        return func(*args, **kwargs)


@contextmanager
def unfilled() -> Iterator[None]:
    """Give networks built in this block memory that is never written.

    Only for networks that are then loaded with `strict=True`, which replaces every weight.
    """
    root = logging.getLogger()

    def not_about_chance(record: logging.LogRecord) -> bool:  # open_clip warns of weights that it takes for random
        return "nitialized" not in record.getMessage()

    root.addFilter(not_about_chance)
    try:
        with _NoFilling():
            yield
    finally:
        root.removeFilter(not_about_chance)
