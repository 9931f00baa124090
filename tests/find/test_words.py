"""Searching for exact words."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.find.words import search_words

TEXTS = {
    "a": ("Pasta", "today we make pasta with lemon and pepper", ""),
    "b": ("Lemon cake", "lemon lemon lemon cake", ""),
    "c": ("x", "", "Crème brûlée #dessert"),
    "d": ("y", "the cat sat", "日本の陶芸教室"),
    "e": ("z", "pasta with lemon", "the best"),
}


def joined(texts: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    return ((video, "\n".join(parts)) for video, parts in texts.items())


def found(search: str) -> list[str]:
    return [match.fingerprint for match in search_words(search, joined(TEXTS))]


def whole(search: str) -> list[str]:
    return [match.fingerprint for match in search_words(search, joined(TEXTS)) if match.whole]


def test_those_with_all_words_come_first_and_those_with_the_phrase_before_them() -> None:
    assert found("lemon and pepper")[0] == "a"
    assert found("lemon pasta pepper")[0] == "a"
    assert whole("pasta with lemon") == ["e", "a"]
    assert whole("cat pasta") == []


def test_marks_and_capitals_do_not_matter() -> None:
    assert whole("creme BRULEE") == ["c"]
    assert whole("CRÈME brulée") == ["c"]


def test_words_are_whole_words() -> None:
    assert whole("past") == []
    assert whole("at") == []


def test_scripts_without_blanks_are_searched_by_their_characters() -> None:
    assert whole("陶芸") == ["d"]


@pytest.mark.parametrize(
    "search", ["", " ", '"', "-", "NEAR(", "*", "'; DROP TABLE files; --", "🔥", "a AND", "\x00", "\ud800"]
)
def test_nothing_in_a_search_is_a_command(search: str) -> None:
    assert all(video in TEXTS for video in found(search))


@given(st.text(st.characters(), max_size=30), st.dictionaries(st.text(max_size=3), st.tuples(st.text(max_size=50))))
def test_whatever_is_searched_for_anywhere_has_an_answer(search: str, texts: dict[str, tuple[str, ...]]) -> None:
    matches = search_words(search, joined(texts))
    assert len({match.fingerprint for match in matches}) == len(matches)
    kinds = [match.whole for match in matches]
    assert kinds == sorted(kinds, reverse=True)
