"""`config show` and `config edit`."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.service import running
from support.typed import asked, typed


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "clips").mkdir()
    path = tmp_path / "config.yaml"
    path.write_text("videos: clips\nstate_dir: state\n\nmove:\n  threshold: 0.9\n")
    return path


def an_editor(folder: Path, python: str) -> str:
    """Return a program that runs this code, in which `path` is the file to edit."""
    program = folder / "my editor"
    program.write_text(f"#!{sys.executable}\nimport sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{python}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return f"'{program}'"


def test_each_setting_is_shown_with_where_it_comes_from(config: Path) -> None:
    lines = [line.split("\t") for line in asked(config, "config", "show").done().splitlines()]
    assert ["move.threshold", "0.9", "line 5"] in lines
    assert ["move.enabled", "true", "default"] in lines
    assert ["videos", str(config.parent / "clips"), "line 1"] in lines
    assert ["move.never_into", "[]", "default"] in lines


def test_it_is_shown_while_the_disk_of_the_videos_is_away(config: Path) -> None:
    (config.parent / "clips").rmdir()
    document = asked(config, "config", "show", "--json").json
    assert document["file"] == str(config)
    assert document["settings"]["move.threshold"] == {"value": 0.9, "from": "line 5"}


def test_without_a_config_the_folder_comes_from_an_option(config: Path) -> None:
    document = typed("--videos", str(config.parent / "clips"), "config", "show", "--json").json
    assert document["file"] is None
    assert document["settings"]["videos"]["from"] == "--videos"
    assert document["settings"]["state_dir"]["from"].startswith("found")


@pytest.mark.parametrize(("variable", "other"), [("VISUAL", "EDITOR"), ("EDITOR", "VISUAL")])
def test_the_editor_is_the_users_and_a_valid_file_is_said_to_be_valid(
    config: Path, monkeypatch: pytest.MonkeyPatch, variable: str, other: str
) -> None:
    code = "path.write_text(path.read_text().replace('0.9', '0.7'))"
    monkeypatch.setenv(variable, an_editor(config.parent, code))
    monkeypatch.setenv(other, "false") if other == "EDITOR" else monkeypatch.delenv(other, raising=False)
    assert "is valid." in asked(config, "config", "edit").done()
    assert "0.7" in config.read_text()


def test_an_invalid_file_stays_as_it_was_saved_and_ends_with_2(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "VISUAL", an_editor(config.parent, "path.write_text('videos: clips\\nmove: {threshold: 85}\\n')")
    )
    assert "move.threshold is 85 (line 2)" in asked(config, "config", "edit").refused(2)
    assert "85" in config.read_text()


def test_a_file_that_is_invalid_before_can_be_edited(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[")
    monkeypatch.setenv("VISUAL", an_editor(config.parent, "path.write_text('videos: clips\\nstate_dir: state\\n')"))
    assert "is valid" in asked(config, "config", "edit").done()


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("no-such-editor --wait", "VISUAL is 'no-such-editor --wait', but there is no program no-such-editor"),
        ("vi 'x", 'VISUAL is "vi \'x", which is no command'),
        ("false", "the editor false failed (exit status 1)"),
    ],
)
def test_an_editor_that_does_not_work_is_named(
    config: Path, monkeypatch: pytest.MonkeyPatch, value: str, complaint: str
) -> None:
    monkeypatch.setenv("VISUAL", value)
    before = config.read_bytes()
    assert complaint in asked(config, "config", "edit").refused()
    assert config.read_bytes() == before


def test_without_a_file_to_edit_it_says_what_writes_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sorterd", "config", "edit"],
        cwd=tmp_path,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "config.example.yaml" in done.stderr


def test_a_running_service_reads_the_file_again(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text(config.read_text() + "log: {format: json}\n")
    monkeypatch.setenv("VISUAL", an_editor(config.parent, "path.write_text(path.read_text().replace('0.9', '0.7'))"))
    with running(config) as service:
        service.wait_for("started")
        asked(config, "config", "edit").done()
        service.wait_for("the config was read again")
