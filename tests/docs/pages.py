"""What the pages of the documentation show: commands in ```sh blocks, configs in ```yaml blocks, words in code."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_FOR_DEVELOPERS = {"architecture.md", "internals.md", "reliability.md"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A text of a page, and where it stands."""

    page: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"docs/{self.page}:{self.line}: {self.text}"


def pages() -> list[Path]:
    """Return the pages in the order of the site."""

    def names(nav: list[dict[str, object]]) -> Iterator[str]:
        for entry in nav:
            for place in entry.values():
                yield from names(place) if isinstance(place, list) else [str(place)]

    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    return [DOCS / name for name in names(settings["nav"])]


def blocks(page: Path, kind: str) -> Iterator[Shown]:
    """Yield the fenced blocks of one kind, without their indentation."""
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        if found["kind"] == kind:
            yield Shown(page.name, text.count("\n", 0, found.start("text")) + 1, textwrap.dedent(found["text"]))


def commands() -> list[Shown]:
    """Return every command that the pages show, one for each line of their ```sh blocks."""
    return [
        Shown(block.page, block.line + number, line.strip())
        for page in pages()
        for block in blocks(page, "sh")
        for number, line in enumerate(block.text.splitlines())
        if line.strip()
    ]


def configs() -> list[Shown]:
    """Return every config that the pages show."""
    return [block for page in pages() for block in blocks(page, "yaml")]


def words_in_code() -> list[Shown]:
    """Return every `word in code` of the pages for users, outside of blocks."""
    found: list[Shown] = []
    for page in pages():
        if page.name in _FOR_DEVELOPERS:
            continue
        text = _BLOCK.sub(lambda block: "\n" * block[0].count("\n"), page.read_text(encoding="utf-8"))
        for word in re.finditer(r"`([^`\n]+)`", text):
            found.append(Shown(page.name, text.count("\n", 0, word.start()) + 1, word[1]))
    return found
