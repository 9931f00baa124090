"""Which languages the text towers read, and whether a library's words are mostly in others. Light: no models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sorterd.text import percent

FEWEST = 10
"""Videos with words below which nothing is said."""

MULTILINGUAL = ("xlm-", "nllb-", "mt5-", "worldwide", "i18n", "siglip2")
"""What is in the names of open_clip's models with a text tower for many languages. All others read English."""

REMEDY = "set 'features.clip.model: xlm-roberta-base-ViT-B-32', with which every video is looked at again"

LETTERS = 100
"""Letters of a text that decide on its script."""

NAMES = {
    "ar": "Arabic", "bn": "Bengali", "de": "German", "es": "Spanish", "fa": "Persian", "fr": "French", "hi": "Hindi",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pl": "Polish",
    "pt": "Portuguese", "ru": "Russian", "th": "Thai", "tl": "Filipino", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""Of Whisper's codes, those that are heard most."""


def reads_all(clip_model: str) -> bool:
    """Return whether the text tower of this open_clip model was trained on many languages."""
    return any(part in clip_model.lower() for part in MULTILINGUAL)


def unread_speech(languages: Mapping[str, int], tower: str) -> str | None:
    """Return a sentence if most speech is not in English, the only language of `tower`, else None.

    `languages` counts the videos with speech by Whisper's code of the language.
    """
    total, english = sum(languages.values()), languages.get("en", 0)
    if total < FEWEST or 2 * english >= total:
        return None
    most = max((code for code in languages if code != "en"), key=lambda code: (languages[code], code))
    return (
        f"in {percent(1 - english / total)} of the videos with speech it is not English (most often "
        f"{NAMES.get(most, most)}), and {tower} reads English only, so speech hardly helps there"
    )


def unread_captions(texts: Iterable[str], tower: str) -> str | None:
    """Return a sentence if most texts are in scripts other than Latin, else None."""
    latin = [is_latin(text) for text in texts]
    if len(latin) < FEWEST or 2 * sum(latin) >= len(latin):
        return None
    return (
        f"{percent(1 - sum(latin) / len(latin))} of the captions are not in Latin letters, and {tower} reads English "
        "only, so those hardly help"
    )


def is_latin(text: str) -> bool:
    """Return whether at least half of a text's letters are Latin ones. A text without letters counts as such."""
    letters = [char for char in text if char.isalpha()][:LETTERS]
    latin = sum(char < "\u0250" or "\u1e00" <= char < "\u1f00" or "\uff21" <= char <= "\uff5a" for char in letters)
    return 2 * latin >= len(letters)
