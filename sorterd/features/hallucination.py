"""Whisper makes up text where there is little or no speech: loops, phrases from its training data. Told apart here."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

MAX_COMPRESSION = 2.4
"""Text that zlib shrinks further than this repeats itself (the threshold of openai/whisper, transcribe.py)."""

MAX_NO_SPEECH = 0.6
MIN_LOGPROB = -1.0
"""Above the first and below the second together, Whisper itself says that it guesses (openai/whisper)."""

_LOOP = re.compile(r"\b(?P<phrase>\w.{0,60}?)(?:\W+(?P=phrase)\b){3,}", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heard:
    """What Whisper says of one piece of sound: the text, the mean log probability of its tokens, P(no speech)."""

    text: str
    logprob: float
    no_speech: float


def doubtful(heard: Heard) -> bool:
    """Given a transcript, say whether it is worth a second, more careful try."""
    return made_up(heard) or heard.logprob < MIN_LOGPROB


def made_up(heard: Heard) -> bool:
    """Given a transcript, say whether it is not to be believed: it loops, or Whisper heard no speech."""
    guessed = heard.no_speech > MAX_NO_SPEECH and heard.logprob < MIN_LOGPROB
    return guessed or loops(heard.text)


def loops(text: str) -> bool:
    """Given a text, say whether it repeats itself: a phrase four times on end, or a text that compresses too well."""
    return compression(text) > MAX_COMPRESSION or _LOOP.search(text) is not None


def compression(text: str) -> float:
    """Given a text, return how many times smaller zlib makes it; 0 for an empty one."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0
