"""The generated pages are what the parser and the schema say, and name everything there is."""

from pathlib import Path

import pytest

from sorterd.cli import parser
from sorterd.config.origins import flat
from sorterd.config.schema import Config
from tools.make_reference.commands import commands_page
from tools.make_reference.pages import PAGES
from tools.make_reference.settings import settings_page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_as_it_is_generated(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path](), "run: make example"


def test_every_command_and_option_has_its_place() -> None:
    chapters = {part.partition("\n")[0]: part for part in commands_page().split("\n### ")}
    for name, command in parser().commands.items():
        assert all(f"`{option}" in chapters[name] for option in command.option_strings if option != "--help"), name


def test_every_setting_has_its_place() -> None:
    page = settings_page()
    for setting in dict(flat(Config(videos=Path("/videos")).values())):
        section, _, name = setting.rpartition(".")
        _, _, chapter = page.partition(f" {section}\n" if section else "## The library\n")
        assert f"\n| `{name}` |" in chapter.partition("\n## ")[0], setting
