"""The command line of a second process for the same library."""

import subprocess
from pathlib import Path

from sorterd.config import Config, load_config
from sorterd.config.command import command
from sorterd.config.new_file import config_text


def test_a_module_in_the_current_folder_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported from the folder of videos')")
    file = tmp_path / "config.yaml"
    (tmp_path / "videos").mkdir()
    file.write_text(config_text(tmp_path / "videos"))
    words = command(load_config(file), "config", "check")
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_library_without_a_config_is_named_by_its_folder(tmp_path: Path) -> None:
    assert command(Config(videos=tmp_path), "status")[-3:] == ["--videos", str(tmp_path), "status"]
