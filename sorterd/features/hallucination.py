"""Recognise text that Whisper makes up where there is little or no speech: loops, phrases from its training data.

Measured with the packaged Whisper base. Of 173 pieces of speech (125 of them human, in five languages; also in noise,
under music, and very quiet) 171 count, before these thresholds 173. Of 135 pieces of sung vowels, hums, engines,
instruments, real music and noise 1 counts ("Thank you." for an organ, which the voice detector keeps away), before 76.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

MAX_COMPRESSION = 2.4
"""Text that zlib shrinks further than this repeats itself (the threshold of openai/whisper, transcribe.py)."""

MIN_LOGPROB = -1.0
"""Below this mean log probability openai/whisper takes an attempt for failed (transcribe.py). After its last attempt it
keeps the text nevertheless, unless P(no speech) is above 0.6, which it often is not for singing and engines."""

HOPELESS_LOGPROB = -1.4
MIN_LOGPROB_AFTER_NONSENSE = -0.5
"""If the first attempt looped or was below the first of these, there was mostly no speech, and the careful attempt,
which may not repeat itself, makes up something else ("1-2-3-4-4-5-1-1-2"). Measured after such a first attempt: -0.14
to -0.37 where somebody spoke, -0.55 to -2.6 where nobody did."""

_LOOP = re.compile(
    r"\b(?P<phrase>\w.{0,60}?)(?:\W+(?P=phrase)\b){3,}|\b(?P<sentence>\w.{14,120}?)(?:\W+(?P=sentence)\b){2,}",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """Whisper's result for one piece of sound: the text, and the mean log probability of its tokens."""

    text: str
    logprob: float


def doubtful(heard: Heard) -> bool:
    """Return whether a first, greedy attempt is worth a second, more careful one."""
    return heard.logprob < MIN_LOGPROB or loops(heard.text)


def made_up(first: Heard, second: Heard | None) -> bool:
    """Return whether the last attempt is not to be trusted. `second` is the careful one, None if none was needed."""
    if second is None:
        return doubtful(first)
    nonsense = loops(first.text) or first.logprob < HOPELESS_LOGPROB
    least = MIN_LOGPROB_AFTER_NONSENSE if nonsense else MIN_LOGPROB
    return second.logprob < least or loops(second.text)


def loops(text: str) -> bool:
    """Return whether a text repeats itself.

    It does if a phrase stands there four times in a row or a sentence three times, if it is nothing but one phrase
    again and again, however short, or if it compresses too well.
    """
    return compression(text) > MAX_COMPRESSION or _LOOP.search(text) is not None or is_periodic(text)


def is_periodic(text: str) -> bool:
    """Return whether a text, punctuation and case aside, is one part two and a half times or more: "Ah, ah, ah"."""
    letters = "".join(filter(str.isalnum, text.casefold()))
    return any(letters[part:] == letters[:-part] for part in range(1, len(letters) * 2 // 5 + 1))


def compression(text: str) -> float:
    """Return how many times smaller zlib makes a text, or 0 for an empty one."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0
