"""No name can be more than text."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from sorterd.report.web.markup import joined, table, tag

HOSTILE = "<script>alert(1)</script>\"' onload=x &amp; \x1b]0;x\x07 \u202egpj.exe \udcff"


class Reader(HTMLParser):
    """What a browser would make of a document: its tags, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(document: str) -> Reader:
    reader = Reader()
    reader.feed(document)
    reader.close()
    return reader


def test_text_and_attributes_are_escaped_and_control_characters_shown() -> None:
    found = read(tag("b", HOSTILE, title=HOSTILE))
    assert [name for name, _ in found.tags] == ["b"]
    assert "<script>" in found.text
    assert r"\x1b]0;x\x07 \u202egpj.exe \xff" in found.text
    assert found.tags[0][1].keys() == {"title"}


@given(st.text(), st.text())
def test_whatever_a_name_is_it_adds_no_tag_and_no_attribute(name: str, other: str) -> None:
    document = tag("div", tag("i", name, title=other), table((name, other), [(other, name)], numbers=1))
    found = read(document)
    assert {name for name, _ in found.tags} <= {"div", "i", "table", "thead", "tbody", "tr", "th", "td"}
    assert len(found.tags) == 12
    document.encode()


def test_markup_passes_as_it_is_and_none_leaves_an_attribute_out() -> None:
    inner = tag("i", "x", class_=None, aria_label="y")
    assert inner == '<i aria-label="y">x</i>'
    assert joined(["<", inner]) == '&lt;<i aria-label="y">x</i>'
    assert tag("br") == "<br>"


def test_the_last_columns_of_a_table_are_numbers() -> None:
    assert '<td>a</td><td class="n">1</td>' in table(("name", "count"), [("a", "1")], numbers=1)
