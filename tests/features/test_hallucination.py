from __future__ import annotations

import pytest

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
    ],
)
def test_a_text_that_repeats_itself_is_a_loop(text: str) -> None:
    assert loops(text)
    assert made_up(Heard(text, -0.2, 0.0))


@pytest.mark.parametrize(
    "text",
    ["", PLAIN, "No, no, no! I said no.", "Very, very good.", "Ich habe das noch nie gesehen, und du? Ich auch nicht.",
     "今日はケーキを焼きます。卵とバターと砂糖が必要です。", "1 2 3 4 5 6 7 8 9 10", "one two three one two three"],
)  # fmt: skip
def test_ordinary_speech_is_not_a_loop(text: str) -> None:
    assert not loops(text)


def test_a_transcript_is_kept_if_whisper_doubts_only_the_speech_or_only_the_words() -> None:
    assert made_up(Heard(PLAIN, logprob=-1.2, no_speech=0.8))
    assert not made_up(Heard(PLAIN, logprob=-0.3, no_speech=0.8))
    assert not made_up(Heard(PLAIN, logprob=-1.2, no_speech=0.2))


def test_improbable_words_are_worth_a_second_try_before_they_are_kept() -> None:
    assert doubtful(Heard(PLAIN, logprob=-1.2, no_speech=0.2))
    assert not doubtful(Heard(PLAIN, logprob=-0.3, no_speech=0.2))
