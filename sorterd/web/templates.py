"""The pages as HTML: templates with what differs put in, every name escaped."""

from __future__ import annotations

from pathlib import Path

from sorterd.report.web.templates import environment

PAGES = Path(__file__).parent / "pages"
STATIC = Path(__file__).parent / "static"


def render(name: str, **values: object) -> str:
    """Return the template `name` with these values."""
    return environment(PAGES).get_template(name).render(values)
