import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.features.hallucination import Heard, doubtful, loops, made_up

PLAIN = "Today I will show you how to cook a quick tomato pasta with garlic and basil. First boil the water."


@pytest.mark.parametrize(
    "text",
    [
        "playing here with us " * 20,
        "Thank you. Thank you. Thank you. Thank you.",
        "la la la la la la",
        "I'm going to go to the store. " * 6,
        "はい、はい、はい、はい、はい",
        "a" * 200,
        "I'm going to go to the store. I'm going to go to the store! I'm going to go to the store.",
        "So: I'm going to go to the store. I'm going to go to the store. I'm going to go to the store. You",
        "I'm going to the store. I'm going to the store. I'm going to th",
        "Ah, ah, ah.",
        "B-B-B",
        "へへへへ",
        "เออ เออ เออ",
    ],
)
def test_a_text_that_repeats_itself_is_a_loop(text: str) -> None:
    assert loops(text)
    assert doubtful(Heard(text, -0.2))
    assert made_up(Heard(PLAIN, -0.2), Heard(text, -0.2))


@pytest.mark.parametrize(
    "text",
    ["", PLAIN, "No, no, no! I said no.", "Very, very good.", "Ich habe das noch nie gesehen, und du? Ich auch nicht.",
     "今日はケーキを焼きます。卵とバターと砂糖が必要です。", "1 2 3 4 5 6 7 8 9 10", "one two three one two three",
     "Oh.", "Bye bye!", "10.", "Let's go, let's go! Run!", "One for you. One for me. One for all."],
)  # fmt: skip
def test_ordinary_speech_is_not_a_loop(text: str) -> None:
    assert not loops(text)


def test_improbable_words_are_worth_a_second_try() -> None:
    assert doubtful(Heard(PLAIN, logprob=-1.2))
    assert not doubtful(Heard(PLAIN, logprob=-0.3))


def test_words_that_stay_improbable_are_dropped() -> None:
    first = Heard(PLAIN, logprob=-1.2)
    assert made_up(first, Heard("Mae'n ddrwg gen i", logprob=-1.16))
    assert not made_up(first, Heard(PLAIN, logprob=-0.8))


@pytest.mark.parametrize("first", [Heard("ah ah ah ah ah", -0.1), Heard("1.5 km", -2.0)])
def test_after_nonsense_only_a_likely_text_is_kept(first: Heard) -> None:
    assert made_up(first, Heard("1-2-3-4-4-5-1-1-2", logprob=-0.6))
    assert not made_up(first, Heard(PLAIN, logprob=-0.3))


@given(st.text(max_size=30), st.integers(3, 9))
def test_whatever_is_said_three_times_and_nothing_else_is_a_loop(text: str, times: int) -> None:
    assert loops(" ".join([text] * times)) or not any(map(str.isalnum, text.casefold()))


@given(st.text(max_size=400))
def test_judging_a_text_never_fails(text: str) -> None:
    assert made_up(Heard(text, -0.2), None) == loops(text)
