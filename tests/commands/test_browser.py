"""Browsers that may not read every folder."""

import stat
from pathlib import Path

import pytest
from support.typed import typed

from sorterd.commands import review_page
from sorterd.commands.browser import folder_of_snap
from sorterd.config import Config


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The own folder of Firefox as a snap, in the home of a user with a desktop."""
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("HOME", str(tmp_path))
    default_browser(tmp_path, monkeypatch, "firefox_firefox.desktop")
    folder = tmp_path / "snap/firefox/common"
    folder.mkdir(parents=True)
    return folder


def default_browser(home: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    programs = home / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "xdg-settings").write_text(f"#!/bin/sh\necho '{name}'\n")
    (programs / "xdg-settings").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")


def test_a_snap_reads_its_own_folder_instead_of_a_hidden_one(own: Path, tmp_path: Path) -> None:
    assert folder_of_snap(tmp_path / ".local/state/sorterd") == own
    assert folder_of_snap(tmp_path / "state") is None


@pytest.mark.parametrize(
    "name", ["firefox.desktop", "", "chromium_chromium.desktop", "../../tmp_x.desktop", "_.desktop"]
)
def test_other_browsers_read_hidden_folders(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert own.is_dir()
    default_browser(tmp_path, monkeypatch, name)
    assert folder_of_snap(tmp_path / ".local") is None


@pytest.mark.parametrize("missing", ["DISPLAY", "PATH"])
def test_without_a_desktop_no_browser_is_asked_for(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    assert own.is_dir()
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv(missing, "")
    monkeypatch.setattr("sys.platform", "linux")
    assert folder_of_snap(tmp_path / ".local") is None


def test_the_page_that_leads_a_snap_to_the_review_lies_there_and_only_its_owner_reads_it(
    own: Path, tmp_path: Path
) -> None:
    with review_page._opener(Config(videos=tmp_path, state_dir=tmp_path / ".state"), "http://127.0.0.1/") as page:
        assert page.parent == own
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert list(own.iterdir()) == []


def test_a_report_that_a_snap_cannot_read_is_said_to_be_written_and_what_to_type(own: Path, tmp_path: Path) -> None:
    assert own.is_dir()
    (tmp_path / "videos").mkdir()
    config = tmp_path / "config.yaml"
    config.write_text(f"videos: {tmp_path / 'videos'}\nstate_dir: {tmp_path / '.state'}\n")
    asked = typed("--config", str(config), "report", "--open")
    assert "reads no hidden folders" in (error := asked.failed())
    assert "report --open --output FOLDER' writes it into another one" in error
    assert (tmp_path / ".state/artifacts/report.html").is_file()
