"""Build HTML in which all text is escaped, because names of files and folders are untrusted."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sorterd.text import printable


class Markup(str):
    """Text that is HTML already. Only `tag` and `joined` make it."""

    __slots__ = ()


def tag(name: str, /, *children: str | Markup, **attributes: object) -> Markup:
    """Return `<name attribute="...">children</name>`.

    `_` in the name of an attribute becomes `-`, and a final `_` (`class_`) is dropped. Attributes that are None are
    omitted.
    """
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in ("meta", "br"):
        return Markup(f"<{name}{words}>")
    return Markup(f"<{name}{words}>{joined(children)}</{name}>")


def joined(children: Iterable[str | Markup]) -> Markup:
    """Return the concatenated children, text escaped."""
    return Markup("".join(child if isinstance(child, Markup) else _escaped(child) for child in children))


def table(head: Iterable[str | Markup], rows: Iterable[Iterable[str | Markup]], *, numbers: int = 0) -> Markup:
    """Return a table that scrolls sideways on a narrow screen. Its last `numbers` columns are numbers."""
    head = list(head)
    first = len(head) - numbers

    def row(kind: str, cells: Iterable[str | Markup]) -> Markup:
        return tag("tr", *(tag(kind, cell, class_="n" if i >= first else None) for i, cell in enumerate(cells)))

    body = joined(row("td", cells) for cells in rows)
    return tag("div", tag("table", tag("thead", row("th", head)), tag("tbody", body)), class_="wide")


def _escaped(text: str) -> str:
    return escape(printable(text), quote=True)
