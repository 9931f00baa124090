"""The store as a whole: one database, one table class per subject."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.store.anchors import Anchors
from sorterd.store.captions import CaptionTable
from sorterd.store.database import connect, transaction
from sorterd.store.features import FeatureTable
from sorterd.store.files import Files
from sorterd.store.journal import Journal
from sorterd.store.notes import Notes
from sorterd.store.pictures import PictureTable
from sorterd.store.predictions import Predictions
from sorterd.store.relocations import Relocations
from sorterd.store.unmoved import UnmovedTable

DATABASE = "sorterd.sqlite3"


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that must survive a restart. One thread uses one Store."""

    connection: sqlite3.Connection
    files: Files
    features: FeatureTable
    journal: Journal
    predictions: Predictions
    notes: Notes
    relocations: Relocations
    unmoved: UnmovedTable
    pictures: PictureTable
    captions: CaptionTable
    anchors: Anchors = field(default_factory=lambda: Anchors({}))

    @classmethod
    def open(cls, state_dir: Path) -> Store:
        """Open or create the database in `state_dir`. Raise StoreError with what to do."""
        return cls.on(connect(state_dir / DATABASE))

    @classmethod
    def on(cls, connection: sqlite3.Connection) -> Store:
        """Return the store on an open database of the present schema."""
        return cls(
            connection,
            Files(connection),
            FeatureTable(connection),
            Journal(connection),
            Predictions(connection),
            Notes(connection),
            Relocations(connection),
            UnmovedTable(connection),
            PictureTable(connection),
            CaptionTable(connection),
        )

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
