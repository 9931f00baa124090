"""Words keep their meaning when they are written to a unit file and read again."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.service.words import argument, read

WORDS = st.binary(min_size=1, max_size=30).filter(lambda raw: b"\0" not in raw).map(os.fsdecode)


@given(st.lists(WORDS | st.text("%hiI$\\\"' x", max_size=12), max_size=4))
def test_words_that_were_written_are_read_back(words: list[str]) -> None:
    line = " ".join(map(argument, words))
    assert "\n" not in line
    assert line.encode().decode() == line, "systemd takes no line that is not UTF-8"
    assert read(line, {"h": "/home/me", "i": "name", "I": "na/me"}) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("-/x/sorterd  --config %h/a.yaml", ["-/x/sorterd", "--config", "/home/me/a.yaml"]),
        ("/x --config=%%h/%i", ["/x", "--config=%h/%h"]),  # for a user named %h
        (r"'a b' c\ d \x41\102\s", ["a b", "c d", "AB "]),
        (r'"\xc3\xa4" $$HOME %Z', ["ä", "$HOME", "%Z"]),
    ],
)
def test_units_written_by_hand_are_read_as_systemd_reads_them(line: str, words: list[str]) -> None:
    assert read(line, {"h": "/home/me", "i": "%h"}) == words
