"""What the tests of commands share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from service.managers import Managers

from commands.filed_library import Library


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.chdir(tmp_path)
    library = Library(tmp_path)
    yield library
    library.workspace.open()
    library.workspace.close()


@pytest.fixture
def managers(tmp_path: Path) -> Managers:
    """Service managers with which all goes well. The user lingers."""
    managers = Managers(tmp_path / "bin")
    managers.there("systemctl", "loginctl")
    managers.answer({"loginctl": (0, "yes\n", "")})
    return managers


@pytest.fixture
def home(tmp_path: Path, managers: Managers, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of a user who is at work in another one, and has no other service managers."""
    monkeypatch.setenv("PATH", str(managers.folder))
    home = tmp_path / "ann"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name, folder in (("CONFIG", ".config"), ("STATE", ".state"), ("CACHE", ".cache")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture
def videos(home: Path) -> Path:
    videos = home / "Videos" / "TikTok"
    videos.mkdir(parents=True)
    return videos
