"""The config that setup writes."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sorterd.config import Config, ConfigError, load_config
from sorterd.config.new_file import config_text, write_config
from sorterd.config.section import all_settings

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=20)


def test_only_the_folder_is_set_and_every_setting_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    text = config_text(Path("/home/ann/Videos/TikTok"))
    write_config(tmp_path / "config.yaml", text)
    config = load_config(tmp_path / "config.yaml")
    assert "videos: ~/Videos/TikTok  " in text
    assert config == Config(videos=Path("/home/ann/Videos/TikTok"))
    assert [key for key in all_settings(Config) if config.line(*map(str, key)) and len(key) > 1] == [
        ("features", "clip")
    ]
    assert all(f"{key[-1]}:" in text for key in all_settings(Config))


def test_a_line_without_its_comment_sign_is_in_force(tmp_path: Path) -> None:
    text = config_text(tmp_path).replace("#  threshold: 0.85", "  threshold: 0.9")
    write_config(tmp_path / "config.yaml", text)
    assert load_config(tmp_path / "config.yaml").move.threshold == 0.9


def test_all_lines_without_their_comment_signs_are_the_defaults(tmp_path: Path) -> None:
    text = config_text(tmp_path, tmp_path / "state").split("\n\n", 1)[1]
    uncommented = "\n".join(line.removeprefix("#") for line in text.splitlines())
    write_config(tmp_path / "config.yaml", uncommented)
    config = load_config(tmp_path / "config.yaml")
    assert config == Config(videos=tmp_path, state_dir=tmp_path / "state")


@given(WORDS)
def test_every_name_of_a_folder_is_read_back_as_it_was(name: str) -> None:
    path = Path("/srv") / name
    if "." * len(name) == name:
        return
    assert yaml.safe_load(config_text(path))["videos"] == str(path)


def test_a_name_that_is_not_text_is_refused() -> None:
    with pytest.raises(ConfigError, match="not valid UTF-8"):
        config_text(Path("/srv/caf\udce9"))


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("mine")
    with pytest.raises(FileExistsError):
        write_config(tmp_path / "config.yaml", "other")
    assert (tmp_path / "config.yaml").read_text() == "mine"
