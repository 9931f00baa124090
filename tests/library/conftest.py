import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.tree import make

from library.watching import Hints, started
from sorterd.library.watch import Watcher


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach (tmp_path belongs to one user only)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def hints() -> Hints:
    return Hints()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "videos", {"a.mp4": b"1", "cats": {"deep": {"b.mp4": b"2"}}, ".hidden": {}})


@pytest.fixture
def watcher(root: Path, hints: Hints) -> Iterator[Watcher]:
    with started(Watcher(root, hints)) as watcher:
        yield watcher
