"""The store as a whole: one database, one table class per subject.

A table is imported when it is first asked for, because most commands that only read need few of them.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sorterd.store.anchors import Anchors
from sorterd.store.database import connect, transaction
from sorterd.store.notes import Notes

if TYPE_CHECKING:
    from sorterd.store.captions import CaptionTable
    from sorterd.store.features import FeatureTable
    from sorterd.store.files import Files
    from sorterd.store.journal import Journal
    from sorterd.store.pictures import PictureTable
    from sorterd.store.predictions import Predictions
    from sorterd.store.relocations import Relocations
    from sorterd.store.unmoved import UnmovedTable

DATABASE = "sorterd.sqlite3"


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that must survive a restart. One thread uses one Store."""

    connection: sqlite3.Connection
    anchors: Anchors = field(default_factory=lambda: Anchors({}))

    @classmethod
    def open(cls, state_dir: Path) -> Store:
        """Open or create the database in `state_dir`. Raise StoreError with what to do."""
        return cls(connect(state_dir / DATABASE))

    @property
    def notes(self) -> Notes:
        """Single facts."""
        return Notes(self.connection)

    @property
    def files(self) -> Files:
        """Where the videos lie, and their labels."""
        from sorterd.store.files import Files

        return Files(self.connection)

    @property
    def features(self) -> FeatureTable:
        """What was extracted of them, or why nothing was."""
        from sorterd.store.features import FeatureTable

        return FeatureTable(self.connection)

    @property
    def journal(self) -> Journal:
        """Our moves."""
        from sorterd.store.journal import Journal

        return Journal(self.connection)

    @property
    def predictions(self) -> Predictions:
        """Where the model would move them."""
        from sorterd.store.predictions import Predictions

        return Predictions(self.connection)

    @property
    def relocations(self) -> Relocations:
        """Where the user took them, for sidecars that follow."""
        from sorterd.store.relocations import Relocations

        return Relocations(self.connection)

    @property
    def unmoved(self) -> UnmovedTable:
        """Moves that failed."""
        from sorterd.store.unmoved import UnmovedTable

        return UnmovedTable(self.connection)

    @property
    def pictures(self) -> PictureTable:
        """Which have a picture."""
        from sorterd.store.pictures import PictureTable

        return PictureTable(self.connection)

    @property
    def captions(self) -> CaptionTable:
        """What they say about themselves."""
        from sorterd.store.captions import CaptionTable

        return CaptionTable(self.connection)

    def transaction(self) -> AbstractContextManager[None]:
        """Make all of the changes inside, or none of them."""
        return transaction(self.connection)

    def changes(self) -> int:
        """Return a number that grows with every change made through this store."""
        return self.connection.total_changes

    def check(self) -> None:
        """Raise StateGone if the files behind this store are no longer those that it was opened with."""
        self.anchors.check()

    def close(self) -> None:
        """Close the database."""
        self.connection.close()
