"""Sounds that are no speech, though they sound like a voice, to Whisper at least: sung vowels, hums, engines."""

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Sound = NDArray[np.float32]
FORMANTS = {"a": (730, 1090, 2440), "e": (530, 1840, 2480), "o": (570, 840, 2410), "m": (250, 1000, 2200)}
"""Of a man (Peterson and Barney 1952); "m" is a hum."""

SCALE = (0, 2, 4, 5, 7, 9, 11, 12)


def sung(vowel: str, *, pitch: float, seconds: float, seed: int = 0) -> Sound:
    """Return one held note, with vibrato and breath."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(pitch * (1 + 0.012 * np.sin(2 * np.pi * 5.5 * time))) / RATE
    wave = 0.01 * random.normal(0, 1, time.size)
    for harmonic in range(1, min(40, int(7500 / pitch))):
        gains = zip(FORMANTS[vowel], (80, 100, 140), (1, 0.6, 0.35), strict=True)
        gain = sum(level / (1 + ((harmonic * pitch - middle) / width) ** 2) for middle, width, level in gains)
        wave += (gain + 0.002) * np.sin(harmonic * phase) / np.sqrt(harmonic)
    wave *= np.minimum(1, np.minimum(time, time[-1] - time) / 0.05)
    return _level(wave)


def melody(vowels: str, *, pitch: float, notes: int, seed: int = 0) -> Sound:
    """Return a tune sung on vowels, or hummed ("m")."""
    random = np.random.default_rng(seed)
    return np.concatenate(
        [
            sung(
                str(random.choice(list(vowels))),
                pitch=pitch * 2 ** (float(random.choice(SCALE)) / 12),
                seconds=random.uniform(0.25, 1.0),
                seed=seed + note,
            )
            for note in range(notes)
        ]
    )


def engine(*, turns: float) -> Sound:
    """Return a motor that is revved up and down around so many turns per minute."""
    random = np.random.default_rng(0)
    time = np.arange(8 * RATE) / RATE
    phase = 2 * np.pi * np.cumsum(turns / 30 * (1 + 0.5 * np.sin(np.pi * time / 2))) / RATE
    wave = sum(np.sin(h * phase + random.uniform(0, 6)) * random.uniform(0.3, 1) / h**0.7 for h in range(1, 30))
    return _level(wave + 3 * np.convolve(random.normal(0, 1, time.size), np.ones(20) / 20, "same"))


def _level(wave: NDArray[np.float64]) -> Sound:
    loud: Sound = (wave / np.abs(wave).max() * 0.4).astype(np.float32)
    return loud
