from collections.abc import Iterator
from pathlib import Path

import pytest

from sorterd.store import database
from sorterd.store.database import Connection
from store.journaled import StateFolder


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateFolder]:
    (tmp_path / "state").mkdir()
    state = StateFolder(tmp_path / "state")
    yield state
    state.end()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases wait for the disk, as they do outside of tests."""
    monkeypatch.setattr(database, "Connection", Connection)
