from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import ctranslate2
import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from support.films import mels, speech
from support.voices import engine, melody, sung

from sorterd.features.audio import RATE
from sorterd.features.device_failure import DeviceFailed
from sorterd.features.mel import FRAMES, STEP, Spectrogram
from sorterd.features.models import whisper
from sorterd.features.speech import Whisper

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
    short, longer = mels(speech()[: 2 * RATE]), mels(speech()[: 5 * RATE])
    together = model.transcribe([[short], [], [longer, short], [short]])
    assert together == [alone := [*model.transcribe([[short]])[0]], [], *model.transcribe([[longer, short]]), alone]


class Recorded:
    """Stands in for the network: what it says of a piece is a sum over all that it was given of it."""

    is_multilingual = True

    def __init__(self) -> None:
        self.most = 0  # pieces decoded together

    def encode(self, features: Any) -> Any:
        return ctranslate2.StorageView.from_array(np.array(features).sum(axis=1, keepdims=True))

    def detect_language(self, encoded: Any) -> Any:
        sums = np.array(encoded).sum(axis=(1, 2))
        return [[("<|de|>", float(one % 7)), ("<|nl|>", 3.0)] for one in sums]

    def generate(self, encoded: Any, prompts: Sequence[Sequence[int]], **_options: object) -> Any:
        self.most = max(self.most, len(prompts))
        made = zip(np.array(encoded), prompts, strict=True)
        return [Generated([[one.shape[-1], round(float(one.sum())), prompt[1]]], [-0.1]) for one, prompt in made]


class Full(Recorded):
    """A card with memory for so many pieces at a time."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def generate(self, encoded: Any, prompts: Sequence[Sequence[int]], **options: object) -> Any:
        if len(prompts) > self._room:
            raise DeviceFailed("speech", "CUDA failed with error out of memory")
        return super().generate(encoded, prompts, **options)


class Generated(NamedTuple):
    sequences_ids: list[list[int]]
    scores: list[float]


def piece(steps: int, seed: int) -> Spectrogram:
    return np.full((1, STEP * steps), seed / 100, np.float32)


@contextmanager
def network(model: Whisper, stand_in: object) -> Iterator[None]:
    """Let the model use another network for a while."""
    kept, model._model = (model._model, model.batch), stand_in
    try:
        yield
    finally:
        model._model, model.batch = kept


@given(st.lists(st.lists(st.builds(piece, st.integers(1, 6), st.integers(0, 20)), max_size=6), max_size=9))
def test_what_is_heard_in_a_video_depends_on_no_other(model: Whisper, videos: list[list[Spectrogram]]) -> None:
    recorded = Recorded()
    with network(model, recorded):
        together = model.transcribe(videos)
        assert together == [heard for video in videos for heard in model.transcribe([video])]
        assert recorded.most <= model.batch


@given(st.lists(st.lists(st.builds(piece, st.integers(1, 2), st.integers(0, 20)), max_size=3), max_size=20))
@example([[piece(1, seed)] for seed in range(9)])
def test_a_card_that_runs_short_of_memory_leaves_no_piece_out(model: Whisper, videos: list[list[Spectrogram]]) -> None:
    with network(model, Recorded()):
        expected = model.transcribe(videos)
    with network(model, Full(1)):
        assert model.transcribe(videos) == expected


def test_padding_to_its_own_length_hears_the_same_as_padding_to_thirty_seconds(
    model: Whisper,
) -> None:
    [[short]] = model.transcribe([[mels()]])
    silence = np.zeros(30 * RATE - speech().size, np.float32)
    [[full]] = model.transcribe([[mels(np.concatenate([speech(), silence]))]])
    assert mels().shape[1] < FRAMES
    assert alike(short.text, full.text) > 0.95


def test_the_pieces_of_a_video_share_their_most_likely_language(model: Whisper) -> None:
    class Unsure:
        is_multilingual = True

        def detect_language(self, _encoded: Any) -> Any:
            german, dutch = ("<|de|>", 0.6), ("<|nl|>", 0.4)
            return [[german, dutch], [("<|nl|>", 0.7), ("<|de|>", 0.3)], [german, dutch]]

    with network(model, Unsure()):
        found = model._languages([[7, 7, 8]], [None])
    assert found == [["<|nl|>", "<|nl|>", "<|de|>"]]  # alone, the first would be German


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


def test_what_sounds_like_a_voice_but_says_nothing_is_no_speech(model: Whisper) -> None:
    heard = model.transcribe([[mels(sound)] for sound in NO_SPEECH.values()])
    assert {name: one.text for name, [one] in zip(NO_SPEECH, heard, strict=True) if one.text} == {}


def test_speech_over_a_hum_counts(model: Whisper) -> None:
    said = speech()
    hum = np.resize(melody("m", pitch=150, notes=8), said.size)
    both = said + (hum * 0.2 * np.std(said) / np.std(hum)).astype(np.float32)
    [[heard]] = model.transcribe([[mels(both)]])
    assert alike(heard.text, SAID) > 0.8


def test_without_speech_nothing_is_run(model: Whisper) -> None:
    assert model.transcribe([]) == []
    assert model.transcribe([[], []]) == [[], []]
