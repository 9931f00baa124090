"""Notice when the cause of a read failure may be gone, so that the next try need not wait an hour."""

from __future__ import annotations

from dataclasses import dataclass, field

from sorterd.library.files import Listing, SeenFile
from sorterd.store.features import FeatureTable


@dataclass(slots=True)
class Causes:
    """The state of unreadable files and of the mounts at the last sync. Kept in memory, as each start tries again."""

    features: FeatureTable
    _touched: dict[str, int] = field(default_factory=dict)  # when each unreadable file last changed in any way
    _how: frozenset[str] | None = None

    def failed(self, file: SeenFile) -> None:
        """Record that this file could not be read."""
        self._touched[file.path] = file.touched_ns

    def observe(self, listing: Listing) -> None:
        """End the waits of files that have changed since, for instance in their permissions.

        If anything was mounted, unmounted or mounted differently, end all waits.
        """
        if self._how != listing.mounts.how:
            if self._how is not None:
                self.features.end_waits()
            self._how = listing.mounts.how
        now = {path: listing.files[path].touched_ns for path in self.features.waiting_paths() if path in listing.files}
        for path, touched in now.items():
            if self._touched.get(path, touched) != touched:
                self.features.retry(path)
        self._touched = now
