"""Record where the caption of each video may stand, as the scan saw it, so that a change there is noticed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from sorterd.captions.databases import databases_of
from sorterd.captions.source import CaptionSource, FileSeen, post_id
from sorterd.library.files import Listing
from sorterd.library.text_sidecars import TextSidecar
from sorterd.store.captions import CaptionTable

Seen = tuple[tuple[TextSidecar, ...], tuple[FileSeen, ...]]


@dataclass(slots=True)
class CaptionSources:
    """Notes the sources of one library. With `wanted` False it forgets all that is stored of captions instead."""

    root: Path
    captions: CaptionTable
    wanted: bool = False
    _noted: dict[str, Seen] | None = field(default=None)

    def note(self, listing: Listing) -> None:
        """Record what differs from the scan before. What could not be looked at stays as it is known."""
        if not self.wanted:
            if self._noted is None:
                self.captions.clear()
                self._noted = {}
            return
        databases = databases_of(self.root)
        now = {path: self._of(path, listing, databases) for path in listing.files}
        if self._noted is None:
            self._begin(now, listing)
            return
        changed = {path: _text(path, seen) for path, seen in now.items() if self._noted.get(path) != seen}
        self.captions.note_sources(changed, self._noted.keys() - now.keys() if not listing.unreadable else ())
        self._noted = now

    def _begin(self, now: dict[str, Seen], listing: Listing) -> None:
        """Compare with what an earlier run has stored."""
        stored = {os.fsdecode(path): text for path, text in self.captions.sources().items()}
        texts = ((path, _text(path, seen)) for path, seen in now.items())
        changed = {path: text for path, text in texts if stored.get(path) != text}
        self.captions.note_sources(changed, stored.keys() - now.keys() if not listing.unreadable else ())
        self._noted = now

    def _of(self, path: str, listing: Listing, databases: tuple[FileSeen, ...]) -> Seen:
        listed_by_id = bool(databases) and post_id(PurePosixPath(path).name) is not None
        return listing.texts.get(path, ()), databases if listed_by_id else ()


def _text(path: str, seen: Seen) -> str:
    sidecars, databases = seen
    files = tuple(FileSeen(one.name, one.size, one.mtime_ns) for one in sidecars)
    return CaptionSource(PurePosixPath(path).name, files, databases).seen
