import hashlib
import tempfile
from pathlib import Path

import pytest

from sorterd.features.models import whisper
from sorterd.features.models.errors import ModelsUnavailable


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_the_packaged_parts_are_one_file_while_they_are_read_and_leave_nothing_behind(temporary: Path) -> None:
    with whisper.load(None).folder() as folder:
        with Path(folder, "model.bin").open("rb") as model:
            assert hashlib.file_digest(model, "sha256").hexdigest() == whisper.MODEL_SHA256
        assert Path(folder, "tokenizer.json").is_file()
        lying_there = [path for path in temporary.rglob("*") if not path.is_symlink() and path.is_file()]
        assert lying_there == []  # a process killed now leaves links, not 145 MB
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("temporary")
def test_damaged_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "MODEL_SHA256", "0" * 64)
    with pytest.raises(ModelsUnavailable, match=r"damaged.*reinstall"), whisper.load(None).folder():
        pass


def test_a_lack_of_room_for_temporary_files_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(ModelsUnavailable, match="cannot be unpacked"), whisper.load(None).folder():
        pass


@pytest.mark.usefixtures("temporary")
def test_an_error_in_the_reader_is_passed_on() -> None:
    with pytest.raises(OSError, match="mine"), whisper.load(None).folder():
        raise OSError("mine")
