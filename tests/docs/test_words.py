"""The pages name commands, options and settings that there are."""

import re
import shlex
from pathlib import Path

import pytest

from docs.pages import Shown, commands, configs, words_in_code
from sorterd.cli import parser
from sorterd.config import load_config
from sorterd.config.schema import Config
from sorterd.config.section import Setting, all_settings, settings

SECTIONS = [name for name, one in settings(Config).items() if not isinstance(one, Setting)]
SETTING = re.compile(rf"({'|'.join(SECTIONS)})\.[a-z_.]+")
PLACES = {"PATH...": "a.mp4", "PATH": "a.mp4", "FOLDER": "cats", "COMMAND": "status"}


def called() -> list[Shown]:
    """Return each call of sorterd, in blocks and in sentences."""
    return [one for one in [*commands(), *words_in_code()] if re.match(r"sorterd [a-z-]", one.text)]


@pytest.mark.parametrize("shown", called(), ids=str)
def test_every_command_is_one_that_there_is(shown: Shown) -> None:
    words = [PLACES.get(word, word) for word in shlex.split(shown.text)[1:]]
    if words[:1] in (["--version"], ["COMMAND"]) or "--help" in words:
        return
    top = parser()
    if len(words) == 1 and words[0] in top.commands:
        return  # it is only named, as in "type `sorterd explain`"
    top.parse_args(words)  # exits if it is wrong


@pytest.mark.parametrize("shown", [one for one in words_in_code() if SETTING.match(one.text)], ids=str)
def test_every_setting_is_one_that_there_is(shown: Shown) -> None:
    name = shown.text.partition(":")[0]
    assert tuple(name.split(".")) in all_settings(Config)


@pytest.mark.parametrize("shown", configs(), ids=lambda shown: f"{shown.page}:{shown.line}")
def test_every_config_is_valid(shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Videos" / "TikTok").mkdir(parents=True)
    (tmp_path / "models" / "whisper-base").mkdir(parents=True)
    (tmp_path / "models" / "clip.safetensors").touch()
    (tmp_path / "config.yaml").write_text(shown.text if "videos:" in shown.text else f"videos: Videos\n{shown.text}")
    load_config(tmp_path / "config.yaml")


def test_something_is_found() -> None:
    assert len(called()) > 40
    assert len(configs()) >= 4
