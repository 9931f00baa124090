"""The feature space in use, remembered so that a start does not need the models to know what is already extracted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sorterd import __version__
from sorterd.features import words
from sorterd.features.settings import DEFAULT, OPENAI, FeatureSettings, FeatureSpace, Modality, extracted_modalities
from sorterd.store.notes import Notes
from sorterd.store.settings import CLIP, MODELS, SPACE
from sorterd.store.store import Store

if TYPE_CHECKING:
    from sorterd.store.backlog import Backlog


@dataclass(slots=True)
class SpaceInUse:
    """The feature space that the settings `wanted` give, None until the worker was asked for it."""

    store: Store
    wanted: FeatureSettings
    space: FeatureSpace | None = field(init=False)
    _backlog: Backlog | None = None

    def __post_init__(self) -> None:
        self.space = remembered(self.store.notes, self.wanted)
        if self.space is not None:
            self._drop_made_up(self.space)

    @property
    def settings(self) -> FeatureSettings:
        """The settings by which features are made, in which `auto` is replaced once the choice is settled."""
        return settled(self.store.notes, self.wanted)

    @property
    def backlog(self) -> Backlog:
        """What waits in this space."""
        from sorterd.store.backlog import Backlog  # a command that only reads does without

        assert self.space is not None
        space = self.space
        if self._backlog is None or (self._backlog.space, self._backlog.towers) != (space.id, space.towers):
            self._backlog = Backlog(self.store.connection, space.id, space.towers)
        return self._backlog

    def found(self, space: FeatureSpace) -> None:
        """Keep the worker's answer."""
        remember(self.store.notes, self.wanted, space)
        self._drop_made_up(space)
        self.space = with_words(space, self.wanted)

    def _drop_made_up(self, space: FeatureSpace) -> None:
        from sorterd.pipeline.heard_again import drop_made_up  # likewise

        drop_made_up(self.store, space.id)


def remembered(notes: Notes, settings: FeatureSettings) -> FeatureSpace | None:
    """Return the space that these settings were found to give, or None if the worker must be asked."""
    note = notes.get(SPACE)
    return None if note is None or note["settings"] != _signature(settings) else _noted(note, settings)


def last_used(notes: Notes, settings: FeatureSettings) -> FeatureSpace | None:
    """Return the space that was last found, also by other settings or another version of sorterd.

    Commands show what is known in it, because only the worker can say whether it is still the space. None if nothing
    was ever extracted.
    """
    note = notes.get(SPACE)
    return None if note is None else _noted(note, settings)


def _noted(note: Mapping[str, Any], settings: FeatureSettings) -> FeatureSpace:
    if "widths" in note:  # as versions wrote it that knew pictures and speech only
        modalities = extracted_modalities(*note["widths"])
    else:
        modalities = tuple(Modality(name, width) for name, width in note["modalities"])
    return with_words(FeatureSpace(note["id"], modalities, note["models"], note["device"]), settings)


def with_words(space: FeatureSpace, settings: FeatureSettings) -> FeatureSpace:
    """Return a space with the modalities that are made of words, as far as the settings want them and they can be read.

    They need no extraction, so they are not part of what the worker describes.
    """
    wanted = words.MODALITIES if settings.captions and words.installed() else ()
    return replace(space, modalities=(*space.extracted, *wanted))


def remember(notes: Notes, settings: FeatureSettings, space: FeatureSpace) -> None:
    """Record what the worker answered. This settles, for this state folder, what the settings leave open."""
    used = settled(notes, settings)
    parts = [[modality.name, modality.width] for modality in space.extracted]
    note = {"id": space.id, "modalities": parts, "models": space.models, "device": space.device}
    notes.put(SPACE, {"settings": _signature(settings), **note})
    if settings.models == "auto":
        notes.put(MODELS, space.models)
    if space.models == "clip" and not settings.chooses_clip:
        notes.keep(CLIP, [used.clip_model, used.weights])


def settled(notes: Notes, settings: FeatureSettings) -> FeatureSettings:
    """Return the settings. What they leave open is replaced by what was settled for this library.

    A library whose features were made by a version with another default keeps that CLIP model.
    """
    chosen = notes.get(MODELS)
    if settings.models == "auto" and chosen is not None:
        settings = replace(settings, models=chosen)  # type: ignore[arg-type]  # one of the two, as `MODELS` says
    if settings.models == "embedded" or settings.chooses_clip:
        return settings.with_clip()
    clip = notes.get(CLIP)
    if clip is not None:
        return settings.with_clip((clip[0], clip[1]))
    return settings.with_clip(OPENAI if Store(notes.connection).features.any_of("clip") else DEFAULT)


def _signature(settings: FeatureSettings) -> str:
    """Return a hash that changes with the settings, with our version, and with the local files in the settings."""
    files: Sequence[str] = (settings.weights, settings.whisper)
    stats = [[name, _stamp(Path(name))] for name in files if Path(name).is_absolute()]
    made_by = asdict(replace(settings, batch_size=None))
    del made_by["captions"]  # not extracted
    text = json.dumps([__version__, made_by, stats], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _stamp(path: Path) -> list[list[object]]:
    """Return name, size and time of a file, or of each file in a folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    statuses = [(file.name, file.stat()) for file in files if file.is_file()]
    return [[name, status.st_size, status.st_mtime_ns] for name, status in statuses]
