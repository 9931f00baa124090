"""`service`: nobody's service file is replaced or removed for another library."""

import json
import os
from pathlib import Path

import pytest
from service.managers import Managers

from sorterd.cli import main
from sorterd.service.manager import user_name


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr("sys.platform", "linux")
    return home


@pytest.fixture(autouse=True)
def managers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Managers:
    """No test asks the real ones."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    managers = Managers(tmp_path / "bin")
    managers.there("systemctl", "loginctl")
    return managers


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
    assert [path.name for path in unit.parent.glob("*.service")] == ["sorterd@clips.service"]


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


def test_it_runs_and_starts_with_the_computer_only_where_its_user_lingers(
    tmp_path: Path, home: Path, managers: Managers, capsys: pytest.CaptureFixture[str]
) -> None:
    films = config(tmp_path, "films")
    for linger, promised in (("yes", True), ("no", False)):
        managers.answer({"loginctl": (0, f"{linger}\n", "")})
        assert main(["--config", films, "service", "install"]) == 0
        said = capsys.readouterr().out
        assert "The service runs." in said
        assert ("It starts with the computer." in said) is promised
        assert (f"loginctl enable-linger {user_name(os.getuid())}" in said) is not promised
    assert (home / ".config/systemd/user/sorterd.service").exists()


def test_where_no_manager_can_be_asked_it_names_no_command_that_cannot_work(
    tmp_path: Path, home: Path, managers: Managers, capsys: pytest.CaptureFixture[str]
) -> None:
    films = config(tmp_path, "films")
    no_bus = (1, "", "Failed to connect to bus: No medium found\n")
    lingers_not = (1, "", "Failed to get user: User ID 0 is not logged in or lingering\n")
    managers.answer({"OFFLINE": (0, "", ""), "systemctl": no_bus, "loginctl": lingers_not})
    (home / ".config/systemd/user/default.target.wants").mkdir(parents=True)
    assert main(["--config", films, "service", "install"]) == 0
    said = capsys.readouterr().out
    assert "could not be started: no systemd of yours can be asked from here" in said
    assert "systemctl" not in said
    assert "loginctl enable-linger" in said


def test_without_systemd_nothing_is_promised(
    tmp_path: Path, home: Path, managers: Managers, capsys: pytest.CaptureFixture[str]
) -> None:
    films = config(tmp_path, "films")
    for program in managers.folder.glob("*ctl"):
        program.unlink()
    assert main(["--config", films, "service", "install"]) == 0
    said = capsys.readouterr().out
    assert "this system has no systemd" in said
    assert "will not start by itself" in said
    assert "type" not in said
    assert (home / ".config/systemd/user/sorterd.service").exists()


def test_a_service_that_does_not_come_up_is_a_failure(
    tmp_path: Path, home: Path, managers: Managers, capsys: pytest.CaptureFixture[str]
) -> None:
    films = config(tmp_path, "films")
    managers.answer({"restart": (1, "", "Job for sorterd.service failed.\n"), "loginctl": (0, "yes\n", "")})
    assert main(["--config", films, "service", "install"]) == 1
    said = capsys.readouterr().out
    assert "could not be started: Job for sorterd.service failed." in said
    assert "journalctl --user -u sorterd.service" in said
    assert home


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("belongs", ["films", "films.yaml"])
def test_root_is_not_made_to_look_after_the_videos_of_somebody_else(
    tmp_path: Path, home: Path, managers: Managers, capsys: pytest.CaptureFixture[str], belongs: str
) -> None:
    """As under `sudo -i`: the service would run as root, from root's home."""
    films = config(tmp_path, "films")
    os.chown(tmp_path / belongs, 1, 1)
    assert main(["--config", films, "service", "install"]) == 1
    assert f"belongs to {user_name(1)}" in " ".join(capsys.readouterr().err.split())
    assert not managers.asked
    assert not (home / ".config").exists()


def test_the_settings_in_force_are_there_for_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    films = config(tmp_path, "films")
    assert main(["--config", films, "config", "check", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["file"] == films
    assert document["move"]["threshold"] == 0.85
