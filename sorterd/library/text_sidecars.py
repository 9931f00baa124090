"""Files beside a video in which downloaders write what it says about itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sorterd.captions.source import SIDECAR_ENDINGS
from sorterd.library.names import composed, stem_and_extension
from sorterd.library.sidecars import claims, owners


def text_sidecars(names: Iterable[str], videos: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the text sidecars of each of a folder's videos that has any, sorted.

    `names` are other files in that folder. A file that could belong to two videos belongs to neither.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    texts = [name for name in names if name.lower().endswith(SIDECAR_ENDINGS)]
    claimed = claims(videos) if texts else {}
    for name in sorted(texts):
        owned_by = owners(name, claimed)
        if len(owned_by) == 1:
            (video,) = owned_by
            if _ending(composed(name), composed(video)).lower() in SIDECAR_ENDINGS:
                found[video].append(name)
    return found


def _ending(name: str, video: str) -> str:
    """Return what follows the video's name, which both begin with, with or without its extension."""
    stem = stem_and_extension(video)[0]
    return name[len(video) :] if name.startswith(video) else name[len(stem) :]
