"""`service`: nobody's service file is replaced or removed for another library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sorterd.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr("sys.platform", "linux")
    return home


def config(folder: Path, name: str) -> str:
    (folder / name).mkdir()
    (folder / f"{name}.yaml").write_text(f"videos: {name}\nstate_dir: {name}-state\n")
    return str(folder / f"{name}.yaml")


@pytest.mark.parametrize("action", ["install", "uninstall"])
def test_the_service_of_another_library_is_left_alone(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    films, clips = config(tmp_path, "films"), config(tmp_path, "clips")
    assert main(["--config", films, "service", "install"]) == 0
    unit = home / ".config/systemd/user/sorterd.service"
    before = unit.read_bytes()
    capsys.readouterr()
    assert main(["--config", clips, "service", action]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert f"is the service for {films}, not for {clips}" in said
    assert "--name" in said
    assert unit.read_bytes() == before
    assert main(["--config", clips, "service", "install", "--name", "clips"]) == 0
    assert main(["--config", films, "service", "install"]) == 0, "one's own may be written anew"
    assert main(["--config", films, "service", "uninstall"]) == 0
    assert [path.name for path in unit.parent.iterdir()] == ["sorterd@clips.service"]


def test_for_scripts_it_says_what_is_installed_and_what_to_type(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    films = config(tmp_path, "films")
    for action, installed in (("show", False), ("install", True), ("uninstall", False)):
        assert main(["--config", films, "service", action, "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["installed"] is installed
        assert document["path"].startswith(str(home))
        assert document["start"][-1] == "systemctl --user enable --now sorterd.service"


def test_the_settings_in_force_are_there_for_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    films = config(tmp_path, "films")
    assert main(["--config", films, "config", "check", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["file"] == films
    assert document["move"]["threshold"] == 0.85
