"""Import open_clip for a plain CLIP model without what only other models need.

Measured (torch 2.15, torchvision 0.29): after torch, `import open_clip` takes 4.1 s of processor time and 243 MB;
within `only_clip`, 0.7 s and 56 MB. open_clip does without timm and transformers if they are not installed. torchvision
loads torch's compiler for one function that asks whether it may be used.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sorterd.features.settings import FeatureSettings

_NOT_NEEDED = ("timm", "transformers")
_COMPILER = ("torch._dynamo", "torch._dynamo.utils")


def is_plain(settings: FeatureSettings) -> bool:
    """Return whether open_clip builds this CLIP model by itself, according to the model's own description."""
    open_clip = importlib.util.find_spec("open_clip")  # does not import it
    if open_clip is None or not open_clip.submodule_search_locations:
        return False
    folder = Path(open_clip.submodule_search_locations[0]) / "model_configs"
    try:
        text = (folder / f"{settings.clip_model}.json").read_text()
    except OSError:
        return False
    return not any(name in text for name in ("timm_", "hf_")) and isinstance(json.loads(text), dict)


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
    import torch  # noqa: F401  # before its compiler is hidden

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
