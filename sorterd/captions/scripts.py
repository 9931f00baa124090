"""What sets scripts apart where words are counted or cut out. Pure."""

from __future__ import annotations

import unicodedata

UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""A pattern for characters of scripts that are written without blanks."""


def is_mark(char: str) -> bool:
    """Return whether a character belongs to the letter before it: vowels in Thai and Hindi, accents.

    For `re` they are no part of a word. Variation selectors, which belong to emoji, are none of these.
    """
    return unicodedata.category(char) in ("Mn", "Mc") and not "\ufe00" <= char <= "\ufe0f"
