from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pytest
import torch
from support.films import mels, speech
from support.voices import engine, melody, sung

from sorterd.features.audio import RATE
from sorterd.features.mel import FRAMES, lengthened
from sorterd.features.models import whisper
from sorterd.features.speech import Transcript, Whisper

SAID = "Welcome to my kitchen. Today we bake a chocolate cake with eggs, butter and sugar."


@pytest.fixture(scope="module")
def model() -> Whisper:
    return Whisper(whisper.load(None), torch.device("cpu"))


def alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def test_speech_becomes_text_with_its_language(model: Whisper) -> None:
    [[heard]] = model.transcribe([[mels()]])
    assert heard.language == "en"
    assert alike(heard.text, SAID) > 0.9


def test_hearing_several_videos_together_changes_nothing(model: Whisper) -> None:
    said = mels()
    videos = [[said], [], [mels(speech()[: 3 * RATE]), said], [said]]
    together = model.transcribe(videos)
    assert [len(parts) for parts in together] == [1, 0, 2, 1]
    [[alone]] = model.transcribe([[said]])
    for transcript in (together[0][0], together[2][1], together[3][0]):
        assert alike(transcript.text, alone.text) > 0.95


def test_padding_to_its_own_length_hears_the_same_as_padding_to_thirty_seconds(
    model: Whisper,
) -> None:
    [[short]] = model.transcribe([[mels()]])
    [[full]] = model.transcribe([[lengthened(mels(), FRAMES)]])
    assert alike(short.text, full.text) > 0.95


def test_thirty_seconds_are_the_most_that_is_heard_at_once(model: Whisper) -> None:
    encoded: list[int] = []
    encode = model._model.encode

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(whole, name)

        def encode(self, features: Any) -> Any:
            encoded.append(features.shape[2])
            return encode(features)

    whole, model._model = model._model, Watched()
    try:
        [[heard]] = model.transcribe([[mels(np.tile(speech(), 6)[: 30 * RATE])]])
    finally:
        model._model = whole
    assert encoded[0] == FRAMES
    assert heard.text == "" or alike(heard.text[: len(SAID)], SAID) > 0.8


def test_the_pieces_of_a_video_share_their_most_likely_language(model: Whisper) -> None:
    class Unsure:
        is_multilingual = True

        def detect_language(self, _encoded: Any) -> Any:
            german, dutch = ("<|de|>", 0.6), ("<|nl|>", 0.4)
            return [[german, dutch], [("<|nl|>", 0.7), ("<|de|>", 0.3)], [german, dutch]]

    whole, model._model = model._model, Unsure()
    try:
        assert model._languages([7, 7, 8], None) == ["<|nl|>", "<|nl|>", "<|de|>"]  # alone, the first would be German
    finally:
        model._model = whole


class Scripted(Whisper):
    """The real model with a made-up first answer."""

    def __init__(self, model: Whisper, first: str) -> None:
        self.__dict__ = dict(model.__dict__)
        self.first = first
        self.beams: list[int] = []

    def _decode(self, encoded: Any, languages: Sequence[str], **options: int) -> list[Any]:
        self.beams.append(options["beam_size"])
        real = super()._decode(encoded, languages, **options)
        return [type(one)(self.first, -0.1) for one in real] if self.first and len(self.beams) == 1 else real


def test_a_loop_is_heard_again_with_more_care(model: Whisper) -> None:
    scripted = Scripted(model, "playing here with us " * 20)
    [[heard]] = scripted.transcribe([[mels()]])
    assert scripted.beams == [1, 5]
    assert alike(heard.text, SAID) > 0.9


def test_a_good_transcript_is_not_made_twice(model: Whisper) -> None:
    scripted = Scripted(model, "")
    scripted.transcribe([[mels()]])
    assert scripted.beams == [1]


def test_noise_that_gets_past_the_voice_detector_is_dropped_or_short(model: Whisper) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 8 * RATE).astype(np.float32)
    [[heard]] = model.transcribe([[mels(noise)]])
    assert len(heard.text.split()) < 8


NO_SPEECH = {
    "a held ah": sung("a", pitch=130, seconds=4),
    "a held e": sung("e", pitch=196, seconds=5),
    "a tune on o": melody("o", pitch=110, notes=3),
    "a tune on vowels": melody("aeo", pitch=150, notes=10, seed=200),
    "a hum": melody("m", pitch=150, notes=6),
    "an engine": engine(turns=1800),
}


@pytest.mark.parametrize("sound", NO_SPEECH)
def test_what_sounds_like_a_voice_but_says_nothing_is_no_speech(model: Whisper, sound: str) -> None:
    [[heard]] = model.transcribe([[mels(NO_SPEECH[sound])]])
    assert heard.text == ""


def test_speech_over_a_hum_counts(model: Whisper) -> None:
    said = speech()
    hum = np.resize(melody("m", pitch=150, notes=8), said.size)
    both = said + (hum * 0.2 * np.std(said) / np.std(hum)).astype(np.float32)
    [[heard]] = model.transcribe([[mels(both)]])
    assert alike(heard.text, SAID) > 0.8


def test_without_speech_nothing_is_run(model: Whisper) -> None:
    assert model.transcribe([]) == []
    assert model.transcribe([[], []]) == [[], []]
    assert Transcript("", "") == Transcript("", "")
