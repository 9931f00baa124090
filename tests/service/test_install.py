"""The service file is right for the system, whatever the paths are called."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from sorterd.service.install import _unit, installation

ROOT = Path(__file__).parents[2]
ODD = Path('/home/a b/50% "off" $HOME \\/config.yaml')


def test_on_linux_it_is_a_user_unit_with_the_interpreter_and_the_config(tmp_path: Path) -> None:
    found = installation("linux", tmp_path, Path("/venv/bin/python"), Path("/c/config.yaml"))
    found.install()
    written = (tmp_path / ".config/systemd/user/sorterd.service").read_text()
    assert 'ExecStart="/venv/bin/python" "-P" "-m" "sorterd" "--config" "/c/config.yaml" "run"' in written
    assert found.start[-1] == "systemctl --user enable --now sorterd.service"


def test_paths_with_percent_signs_quotes_and_dollars_stay_what_they_are(tmp_path: Path) -> None:
    content = installation("linux", tmp_path, Path("/bin/python"), ODD).content.decode()
    assert r'"/home/a b/50%% \"off\" $$HOME \\/config.yaml"' in content


def test_on_macos_it_is_a_launch_agent_that_is_not_restarted_after_an_orderly_end(tmp_path: Path) -> None:
    found = installation("darwin", tmp_path, Path("/venv/bin/python"), ODD)
    found.install()
    agent = plistlib.loads((tmp_path / "Library/LaunchAgents/org.sorterd.sorterd.plist").read_bytes())
    assert agent["ProgramArguments"] == ["/venv/bin/python", "-P", "-m", "sorterd", "--config", str(ODD), "run"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}


def test_it_is_removed_once(tmp_path: Path) -> None:
    found = installation("linux", tmp_path, Path("/venv/bin/python"), Path("/c/config.yaml"))
    found.install()
    assert found.uninstall()
    assert not found.uninstall()
    assert not found.path.exists()


def test_the_files_in_the_repository_say_the_same_as_the_installed_ones(tmp_path: Path) -> None:
    def settings(unit: str) -> set[str]:
        lines = unit.splitlines()
        return {line for line in lines if "=" in line and not line.startswith(("#", "ExecStart", "Description"))}

    assert settings((ROOT / "systemd/sorterd.service").read_text()) == settings(_unit(["x"]))
    shipped = plistlib.loads((ROOT / "launchd/org.sorterd.sorterd.plist").read_bytes())
    made = plistlib.loads(installation("darwin", tmp_path, Path("/p"), Path("/c")).content)
    varying = ("ProgramArguments", "StandardErrorPath")
    assert {k: v for k, v in shipped.items() if k not in varying} == {
        k: v for k, v in made.items() if k not in varying
    }


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "sorterd.service"
    unit.write_bytes(installation("linux", tmp_path, Path("/bin/true"), ODD).content)
    done = subprocess.run(["systemd-analyze", "--user", "verify", unit], capture_output=True, text=True, check=False)
    assert "sorterd.service" not in done.stderr
