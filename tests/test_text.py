"""Names from outside, on a terminal."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.text import printable


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cats/a.mp4", "cats/a.mp4"),
        ("Straße 日本 é 🎬.mp4", "Straße 日本 é 🎬.mp4"),
        ("👩‍👩‍👧.mp4", "👩‍👩‍👧.mp4"),
        ("می‌خواهم.mp4", "می‌خواهم.mp4"),
        ("two\nlines\r\t.mp4", r"two\nlines\r\t.mp4"),
        ("\x1b[2J\x07.mp4", r"\x1b[2J\x07.mp4"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("gpj.\u202e4pm", r"gpj.\u202e4pm"),
        ("\u2066a\u2069\u200e\u061c", r"\u2066a\u2069\u200e\u061c"),
        ("zero\u200bwidth\ufeff\u00ad", r"zero\u200bwidth\ufeff\xad"),
        ("line\u2028par\u2029", r"line\u2028par\u2029"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("", ""),
    ],
)
def test_what_could_mislead_the_reader_is_shown_as_an_escape(name: str, shown: str) -> None:
    assert printable(name) == shown


def test_bytes_that_are_not_utf8_are_shown_as_those_bytes() -> None:
    assert printable(os.fsdecode(b"caf\xe9\xff.mp4")) == r"caf\xe9\xff.mp4"
    assert printable("\ud800") == r"\ud800"


NASTY = st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn"]))


@given(st.text() | st.binary().map(os.fsdecode) | NASTY)
def test_the_result_is_one_line_of_valid_text_without_controls(text: str) -> None:
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert all(unicodedata.bidirectional(char) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
               for char in shown)  # fmt: skip
    assert shown.encode().decode() == shown
    assert printable(shown) == shown
