"""Authorities and invitations for the tests of the pool."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sorterd.pool import authority

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with authorities."""
    authority.make(tmp_path / "state" / "pool", now=NOW)
    return tmp_path / "state" / "pool"
