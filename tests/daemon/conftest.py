from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.house import House
from sorterd.store.spare import SPARE


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "videos", tmp_path / "state")
    yield house
    house.close()


@pytest.fixture
def shared_house() -> Iterator[House]:
    """In a folder that other users can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    house = House(folder / "videos", folder / "state")
    house.state.chmod(0o777)
    (house.state / SPARE).chmod(0o666)
    yield house
    house.close()
    shutil.rmtree(folder)
