"""What a browser would make of a document, and a name that no document may take for more than text."""

from html.parser import HTMLParser

HOSTILE = "<script>alert(1)</script>\"' onload=x &amp; {{ 7 * 7 }} \x1b]0;x\x07 \u202egpj.exe \udcff"


class Reader(HTMLParser):
    """The tags of a document, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def read(document: str) -> Reader:
    reader = Reader()
    reader.feed(document)
    reader.close()
    reader.text = " ".join(reader.text.split())
    return reader
