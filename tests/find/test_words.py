"""Searching for exact words."""

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


def found(search: str) -> list[str]:
    return [match.fingerprint for match in search_words(search, list(TEXTS.items()))]


def whole(search: str) -> list[str]:
    return [match.fingerprint for match in search_words(search, list(TEXTS.items())) if match.whole]


def test_those_with_all_words_come_first_and_those_with_the_phrase_before_them() -> None:
    assert found("lemon and pepper")[0] == "a"
    assert found("lemon pasta pepper")[0] == "a"
    assert whole("pasta with lemon") == ["e", "a"]
    assert whole("cat pasta") == []


def test_a_mistyped_word_does_not_hide_what_has_the_others() -> None:
    assert set(found("lemmon pasta")) == {"a", "e"}
    assert whole("lemmon pasta") == []


def test_marks_and_capitals_do_not_matter() -> None:
    assert whole("creme BRULEE") == ["c"]
    assert whole("CRÈME brulée") == ["c"]


def test_words_are_whole_words() -> None:
    assert whole("past") == []
    assert whole("at") == []


@pytest.mark.parametrize(
    ("search", "text", "there"),
    [
        ("陶芸", "日本の陶芸教室", True),  # scripts without blanks are searched by their characters
        ("陶芸 教室", "日本の陶芸教室", True),
        ("iphone", "新しいiPhoneケース", True),
        ("ハハ", "パパと公園", False),
        ("パパ", "パパと公園", True),
        ("고양이", "고양이가 잔다", True),
        ("가", "각", False),
        ("ทำอาหาร", "วิธีทำอาหารไทย", True),
        ("हिन्दी", "मेरी हिन्दी किताब", True),
        ("मरा", "मेरी हिन्दी", False),  # the vowels count
        ("do an", "Đồ ăn ngon", True),
        ("lodz", "Łódź", True),
        ("strasse", "STRAẞE", True),
        ("école", "E\u0301COLE", True),
        ("كتاب", "كِتَابٌ جديد", True),
        ("🍝", "lunch🍝🔥", True),
        ("lunch", "lunch🍝🔥", True),
        ("🍕", "lunch🍝🔥", False),
        ("#café", "cafe", True),
        ("#coffeetok", "the best latte. coffee tok", True),  # as captions have it
        ("coffeetok", "the best latte. coffee tok", True),
        ("#đồănViệtNam", "ngon lắm. đồ ăn việt nam", True),
        ("therapist", "the rapper is tired", False),
        ("dont", "don’t go", True),
        ("tortilla", "hand-made tortillas", True),
        ("cats", "a cat", True),
        ("s", "as", False),
        ("don’t", "don't go", True),
        ("ＬＥＭＯＮ", "lemon", True),
    ],
)
def test_words_in_all_scripts(search: str, text: str, there: bool) -> None:
    assert [match.whole for match in search_words(search, [("a", (text,))])] == ([True] if there else [])


def test_other_forms_of_a_word_are_found_only_where_nothing_has_the_word_itself() -> None:
    texts = [("one", ("a cat",)), ("more", ("two cats",))]
    assert [match.fingerprint for match in search_words("cat", texts)] == ["one"]
    assert [match.fingerprint for match in search_words("#cat", texts)] == ["one", "more"]


@pytest.mark.parametrize(
    "search", ["", " ", '"', "-", "NEAR(", "*", "'; DROP TABLE files; --", "🔥", "a AND", "\x00", "\ud800"]
)
def test_nothing_in_a_search_is_a_command(search: str) -> None:
    assert all(video in TEXTS for video in found(search))


@given(st.text(st.characters(), max_size=30), st.dictionaries(st.text(max_size=3), st.tuples(st.text(max_size=50))))
def test_whatever_is_searched_for_anywhere_has_an_answer(search: str, texts: dict[str, tuple[str, ...]]) -> None:
    matches = search_words(search, list(texts.items()))
    assert len({match.fingerprint for match in matches}) == len(matches)
    kinds = [match.whole for match in matches]
    assert kinds == sorted(kinds, reverse=True)
