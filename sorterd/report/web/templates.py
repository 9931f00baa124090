"""Render templates. All text is escaped, because names of files and folders are untrusted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sorterd.text import percent, printable

PAGES = Path(__file__).parent / "pages"


def render(name: str, **values: object) -> str:
    """Return the template `name` with these values."""
    return environment(PAGES).get_template(name).render(values)


def plain(name: str) -> Markup:
    """Return a file beside the templates as it is."""
    return Markup((PAGES / name).read_text())  # our own style and script


@cache
def environment(pages: Path) -> Environment:
    """Return what renders the templates in a folder."""
    made = Environment(
        loader=FileSystemLoader(pages),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["percent"] = percent
    return made


def _shown(value: object) -> object:
    """Return text without control characters, and such that it can be encoded."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
