import numpy as np
from support.films import speech

from sorterd.features.audio import RATE, WINDOW
from sorterd.features.voice import spoken

QUIET = np.zeros(5 * RATE, np.float32)


def test_silence_noise_and_tones_are_no_speech() -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, 10 * RATE).astype(np.float32)
    tone = (0.3 * np.sin(2 * np.pi * 330 * np.arange(10 * RATE) / RATE)).astype(np.float32)
    for sound in (QUIET, noise, tone, np.empty(0, np.float32), np.zeros(10, np.float32)):
        assert spoken([sound]) == []


def test_only_the_speech_in_a_sound_is_kept() -> None:
    said = speech()
    (piece,) = spoken([np.concatenate([QUIET, said, QUIET])])
    assert said.size - RATE < piece.size < said.size + RATE


def test_speech_from_several_windows_is_joined_to_pieces_of_at_most_thirty_seconds() -> None:
    said = speech()
    pieces = spoken([np.concatenate([said, QUIET])] * 7)
    assert len(pieces) == 2
    assert all(piece.size <= WINDOW * RATE for piece in pieces)
    assert sum(piece.size for piece in pieces) > 6 * said.size


def test_a_single_short_sound_is_not_worth_listening_to() -> None:
    word = speech()[RATE // 2 : RATE]
    assert spoken([np.concatenate([QUIET, word, QUIET])]) == []


def test_quiet_speech_and_speech_over_music_are_speech() -> None:
    said = speech()
    melody = 220 * 2 ** (np.array([0, 4, 7, 12])[(np.arange(said.size) * 3 // RATE) % 4] / 12)
    music = (0.3 * np.abs(said).max() * np.sin(2 * np.pi * np.cumsum(melody) / RATE)).astype(np.float32)
    for sound in (said * 0.03, said + music):
        assert sum(piece.size for piece in spoken([sound])) > 0.8 * said.size
