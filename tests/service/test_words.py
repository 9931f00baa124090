"""Words in a unit file mean what they meant when they were written, whatever is in them."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.service.words import argument, read

WORDS = st.binary(min_size=1, max_size=30).filter(lambda raw: b"\0" not in raw).map(os.fsdecode)


@given(st.lists(WORDS | st.text("%hiI$\\\"' x", max_size=12), max_size=4))
def test_what_is_written_is_read_again(words: list[str]) -> None:
    line = " ".join(map(argument, words))
    assert "\n" not in line
    assert line.encode().decode() == line, "systemd takes no line that is not UTF-8"
    assert read(line, {"h": "/home/me", "i": "name", "I": "na/me"}) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("-/x/sorterd  --config %h/a.yaml", ["-/x/sorterd", "--config", "/home/me/a.yaml"]),
        ("/x --config=%%h/%i", ["/x", "--config=%h/%h"]),  # of one named %h
        (r"'a b' c\ d \x41\102\s", ["a b", "c d", "AB "]),
        (r'"\xc3\xa4" $$HOME %Z', ["ä", "$HOME", "%Z"]),
    ],
)
def test_what_people_write_by_hand_is_read_as_systemd_reads_it(line: str, words: list[str]) -> None:
    assert read(line, {"h": "/home/me", "i": "%h"}) == words
