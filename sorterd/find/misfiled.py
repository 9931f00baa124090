"""What the user has filed, and the model would have moved elsewhere had it not known that. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sorterd.changes import KnownFile
from sorterd.prediction import HeldOutPrediction


@dataclass(frozen=True, slots=True)
class Misfiled:
    """A file that may lie in the wrong folder: `folder` is where the model would have moved it."""

    path: str
    file: KnownFile
    label: str
    folder: str
    confidence: float


def misfiled(
    files: Mapping[str, KnownFile],
    held_out: Mapping[str, HeldOutPrediction],
    rejections: Mapping[str, Collection[str]],
    categories: Collection[str],
) -> list[Misfiled]:
    """Return them, the surest first.

    Only videos that a model judged that had not been trained on them, and whose label and folders are still those of
    that time. A folder that the user took a video out of is not suggested for it, and neither is one from which the
    user has said on the page that the label is right: both are rejections.
    """
    found = []
    for path, file in files.items():
        said = held_out.get(file.fingerprint)
        if said is None or file.source not in ("user", "confirmed") or file.category != said.label:
            continue
        if not said.move or said.predicted == said.label or said.predicted not in categories:
            continue
        if said.predicted not in rejections.get(file.fingerprint, ()):
            found.append(Misfiled(path, file, said.label, said.predicted, said.confidence))
    return sorted(found, key=lambda one: (-one.confidence, one.path))
