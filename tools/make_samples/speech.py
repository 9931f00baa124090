"""Turn sentences into sound with espeak-ng. Only needed to make the samples."""

from __future__ import annotations

import subprocess

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

RATE = 22_050  # what espeak-ng speaks at


def speak(text: str, voice: str, words_per_minute: int, pitch: int) -> Sound:
    """Return the sentence as mono sound at RATE, between -1 and 1, with a short silence before and after."""
    command = ["espeak-ng", "-v", voice, "-s", str(words_per_minute), "-p", str(pitch), "-g", "2", "--stdout", text]
    wav = subprocess.run(command, check=True, capture_output=True).stdout
    spoken = np.frombuffer(wav[44:], dtype="<i2").astype(np.float32) / 32768  # 44: the header, whose length is untrue
    pause = np.zeros(RATE // 4, np.float32)
    return np.concatenate([pause, 0.7 * spoken / max(float(np.abs(spoken).max()), 1e-6), pause])


def surf(seconds: float, random: np.random.Generator) -> Sound:
    """Return the sound of waves: smoothed noise that gets louder every few seconds."""
    time = np.arange(int(seconds * RATE), dtype=np.float32) / RATE
    swell = 0.4 + 0.6 * np.sin(2 * np.pi * time / random.uniform(3, 5) + random.uniform(0, 6)) ** 2
    return (_rumble(time.size, 12, random) * swell * 0.5).astype(np.float32)


def hum(seconds: float, random: np.random.Generator) -> Sound:
    """Return the sound of a distant town at night."""
    return _rumble(int(seconds * RATE), 60, random) * np.float32(0.3)


def _rumble(samples: int, width: int, random: np.random.Generator) -> Sound:
    noise = np.convolve(random.normal(size=samples), np.ones(width) / width, mode="same")
    loudest: float = np.abs(noise).max()
    return np.asarray(noise / loudest, np.float32)
