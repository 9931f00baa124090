"""Recognise text that Whisper makes up where there is little or no speech: loops, phrases from its training data."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

MAX_COMPRESSION = 2.4
"""Text that zlib shrinks further than this repeats itself (the threshold of openai/whisper, transcribe.py)."""

MAX_NO_SPEECH = 0.6
MIN_LOGPROB = -1.0
"""A P(no speech) above the first with a log probability below the second is a guess (openai/whisper)."""

_LOOP = re.compile(r"\b(?P<phrase>\w.{0,60}?)(?:\W+(?P=phrase)\b){3,}", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heard:
    """Whisper's result for one piece of sound: the text, the mean log probability of its tokens, P(no speech)."""

    text: str
    logprob: float
    no_speech: float


def doubtful(heard: Heard) -> bool:
    """Return whether a transcript is worth a second, more careful attempt."""
    return made_up(heard) or heard.logprob < MIN_LOGPROB


def made_up(heard: Heard) -> bool:
    """Return whether a transcript is not to be trusted: it loops, or Whisper heard no speech."""
    guessed = heard.no_speech > MAX_NO_SPEECH and heard.logprob < MIN_LOGPROB
    return guessed or loops(heard.text)


def loops(text: str) -> bool:
    """Return whether a text repeats itself: a phrase four times in a row, or a text that compresses too well."""
    return compression(text) > MAX_COMPRESSION or _LOOP.search(text) is not None


def compression(text: str) -> float:
    """Return how many times smaller zlib makes a text, or 0 for an empty one."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0
