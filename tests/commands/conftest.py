"""What the tests of commands share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.filed_library import Library


@pytest.fixture
def library(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.chdir(tmp_path)
    library = Library(tmp_path, capsys)
    yield library
    library.workspace.open()
    library.workspace.close()
