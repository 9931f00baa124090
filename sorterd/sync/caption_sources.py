"""Record where the caption of each video may stand, as the scan saw it, so that a change there is noticed."""

from __future__ import annotations

import os
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sorterd.captions.databases import databases_of
from sorterd.captions.source import CaptionSource, FileSeen, post_id
from sorterd.library.files import Listing
from sorterd.store.captions import CaptionTable


@dataclass(slots=True)
class CaptionSources:
    """Notes the sources of one library. With `wanted` False it forgets all that is stored of captions instead."""

    root: Path
    captions: CaptionTable
    wanted: bool = False
    _noted: dict[str, CaptionSource] | None = None

    def note(self, listing: Listing) -> None:
        """Record what differs from the scan before. What could not be looked at stays as it is known."""
        if not self.wanted:
            if self._noted is None:
                self.captions.clear()
                self._noted = {}
            return
        databases = databases_of(self.root)
        now = {path: _source(path, listing, databases) for path in listing.files}
        before: Set[str]
        if self._noted is None:  # compare with what an earlier run has stored
            stored = {os.fsdecode(path): text for path, text in self.captions.sources().items()}
            before = stored.keys()
            changed = {path: seen for path, source in now.items() if stored.get(path) != (seen := source.seen)}
        else:
            before = self._noted.keys()
            changed = {path: source.seen for path, source in now.items() if self._noted.get(path) != source}
        self.captions.note_sources(changed, () if listing.unreadable else before - now.keys())
        self._noted = now


def _source(path: str, listing: Listing, databases: tuple[FileSeen, ...]) -> CaptionSource:
    name = PurePosixPath(path).name
    listed_by_id = bool(databases) and post_id(name) is not None
    return CaptionSource(name, listing.texts.get(path, ()), databases if listed_by_id else ())
