"""Whether what kept a file from being read may be gone: then nobody should wait an hour for the next try."""

from __future__ import annotations

from dataclasses import dataclass, field

from sorterd.library.files import Listing, SeenFile
from sorterd.store.features import FeatureTable


@dataclass(slots=True)
class Causes:
    """Kept in memory: what could not be read is tried again at each start."""

    features: FeatureTable
    _touched: dict[str, int] = field(default_factory=dict)  # of the files in trouble, when anything last changed
    _how: frozenset[str] | None = None

    def failed(self, file: SeenFile) -> None:
        """This file, as it was seen, could not be read."""
        self._touched[file.path] = file.touched_ns

    def observe(self, listing: Listing) -> None:
        """End the waits of files that were changed since (their permissions, say), and all if a disk was mounted again
        or otherwise."""
        if self._how != listing.mounts.how:
            if self._how is not None:
                self.features.end_waits()
            self._how = listing.mounts.how
        now = {path: listing.files[path].touched_ns for path in self.features.waiting_paths() if path in listing.files}
        for path, touched in now.items():
            if self._touched.get(path, touched) != touched:
                self.features.retry(path)
        self._touched = now
