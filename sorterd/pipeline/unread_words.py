"""Whether the words of a library are mostly in languages that its text towers do not read."""

from __future__ import annotations

from sorterd.features.languages import REMEDY, reads_all, unread_captions, unread_speech
from sorterd.features.settings import FeatureSettings
from sorterd.pipeline import feature_space
from sorterd.store.captions import CaptionTable
from sorterd.store.features import FeatureTable
from sorterd.store.notes import Notes

MOST = 1000
"""Videos that are looked at, which take 10 ms. All of 20,000 would take 200."""

CAPTION_TOWER = "MiniLM"


def unread_words(notes: Notes, settings: FeatureSettings) -> list[tuple[str, str]]:
    """Return (sentence, remedy) for speech and for captions, as far as there is something to tell.

    The remedy is "" where there is none. Raise StoreDamaged.
    """
    space = feature_space.remembered(notes, settings)
    if space is None:
        return []
    found: list[tuple[str, str]] = []
    clip = space.models == "clip"
    tower = feature_space.settled(notes, settings).clip_model if clip else CAPTION_TOWER
    if not (clip and reads_all(tower)):
        speech = unread_speech(FeatureTable(notes.connection).languages(space.id, MOST), tower)
        remedy = REMEDY if clip else f"{REMEDY}, and 'features.models: clip'"
        found += [(speech, remedy)] if speech else []
    if space.worded:
        captions = unread_captions(CaptionTable(notes.connection).texts(MOST), CAPTION_TOWER)
        found += [(captions, "")] if captions else []
    return found
