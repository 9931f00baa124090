"""`service`: nobody's service file is replaced or removed for another library."""

import os
import sys
from pathlib import Path

import pytest
from service.managers import Managers
from support.typed import asked

from sorterd.service.manager import user_name

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its service is a systemd unit")


def config(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    (folder / f"{name}.yaml").write_text(f"videos: {name}\nstate_dir: {name}-state\n")
    return folder / f"{name}.yaml"


@pytest.fixture
def films(tmp_path: Path, home: Path) -> Path:  # noqa: ARG001
    return config(tmp_path, "films")


@pytest.mark.parametrize("action", ["install", "uninstall"])
def test_the_service_of_another_library_is_left_alone(tmp_path: Path, home: Path, films: Path, action: str) -> None:
    clips = config(tmp_path, "clips")
    asked(films, "service", "install").done()
    unit = home / ".config/systemd/user/sorterd.service"
    before = unit.read_bytes()
    said = " ".join(asked(clips, "service", action).refused().split())
    assert f"is the service for {films}, not for {clips}" in said
    assert "--name" in said
    assert unit.read_bytes() == before
    asked(clips, "service", "install", "--name", "clips").done()
    assert asked(films, "service", "install").code == 0, "one's own may be written anew"
    asked(films, "service", "uninstall").done()
    assert [path.name for path in unit.parent.glob("*.service")] == ["sorterd@clips.service"]


def test_for_scripts_it_says_what_is_installed_and_what_to_type(home: Path, films: Path) -> None:
    for action, installed in (("show", False), ("install", True), ("uninstall", False)):
        document = asked(films, "service", action, "--json").json
        assert document["installed"] is installed
        assert document["path"].startswith(str(home))
        assert document["start"][-1] == "systemctl --user enable --now sorterd.service"


def test_it_runs_and_starts_with_the_computer_only_where_its_user_lingers(
    home: Path, films: Path, managers: Managers
) -> None:
    for linger, promised in (("yes", True), ("no", False)):
        managers.answer({"loginctl": (0, f"{linger}\n", "")})
        said = asked(films, "service", "install").done()
        assert "The service runs." in said
        assert ("It starts with the computer." in said) is promised
        assert (f"loginctl enable-linger {user_name(os.getuid())}" in said) is not promised
    assert (home / ".config/systemd/user/sorterd.service").exists()


def test_where_no_manager_can_be_asked_it_names_no_command_that_cannot_work(
    home: Path, films: Path, managers: Managers
) -> None:
    no_bus = (1, "", "Failed to connect to bus: No medium found\n")
    lingers_not = (1, "", "Failed to get user: User ID 0 is not logged in or lingering\n")
    managers.answer({"OFFLINE": (0, "", ""), "systemctl": no_bus, "loginctl": lingers_not})
    (home / ".config/systemd/user/default.target.wants").mkdir(parents=True)
    said = asked(films, "service", "install").done()
    assert "could not be started: no systemd of yours can be asked from here" in said
    assert "systemctl" not in said
    assert "loginctl enable-linger" in said


def test_without_systemd_nothing_is_promised(home: Path, films: Path, managers: Managers) -> None:
    for program in managers.folder.glob("*ctl"):
        program.unlink()
    said = asked(films, "service", "install").done()
    assert "this system has no systemd" in said
    assert "will not start by itself" in said
    assert "type" not in said
    assert (home / ".config/systemd/user/sorterd.service").exists()


def test_a_service_that_does_not_come_up_is_a_failure(films: Path, managers: Managers) -> None:
    managers.answer({"restart": (1, "", "Job for sorterd.service failed.\n"), "loginctl": (0, "yes\n", "")})
    said = asked(films, "service", "install")
    assert said.code == 1
    assert "could not be started: Job for sorterd.service failed." in said.out
    assert "journalctl --user -u sorterd.service" in said.out


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("belongs", ["films", "films.yaml"])
def test_root_is_not_made_to_look_after_the_videos_of_somebody_else(
    tmp_path: Path, home: Path, films: Path, managers: Managers, belongs: str
) -> None:
    """As under `sudo -i`: the service would run as root, from root's home."""
    os.chown(tmp_path / belongs, 1, 1)
    assert f"belongs to {user_name(1)}" in " ".join(asked(films, "service", "install").refused().split())
    assert not managers.asked
    assert not (home / ".config").exists()
