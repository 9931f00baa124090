"""Find where somebody speaks, with Silero VAD, which ships inside faster-whisper.

Without speech Whisper is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from sorterd.features.audio import RATE, WINDOW, Samples

MIN_SPEECH = 1.2
"""Seconds of speech, with 0.3 s around each part, below which a video has none: Whisper would invent words."""

OPTIONS = VadOptions(min_speech_duration_ms=250, min_silence_duration_ms=1000, speech_pad_ms=300)
QUIET = 1e-3
"""A window that never gets louder than -60 dB is silent: a muted track needs no detector."""


def spoken(windows: Sequence[Samples]) -> list[Samples]:
    """Return the parts of a video's sound where somebody speaks, joined to pieces of at most 30 s, or none.

    They are joined because Whisper's cost depends on the number of pieces.
    """
    spans = [span for window in windows for span in _speech_spans(window)]
    if sum(span.size for span in spans) < MIN_SPEECH * RATE:
        return []
    pieces: list[list[Samples]] = [[]]
    for span in spans:
        if sum(part.size for part in pieces[-1]) + span.size > WINDOW * RATE:
            pieces.append([])
        pieces[-1].append(span)
    return [np.concatenate(piece) for piece in pieces if piece]


def _speech_spans(window: Samples) -> list[Samples]:
    if not window.size or float(np.abs(window).max()) < QUIET:
        return []
    return [window[span["start"] : span["end"]] for span in get_speech_timestamps(window, OPTIONS)]
