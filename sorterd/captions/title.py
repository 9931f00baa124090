"""What a title adds to a description. Pure."""

from __future__ import annotations

import re

# What programs write where a post has no title.
_GENERIC = re.compile(r"((tiktok|instagram) )?(video|reel|photo|post|story|audio)( by .*| #\d+)?", re.IGNORECASE)


def without_repetition(title: str, description: str) -> str:
    """Return the title, or "" if a program made it up, or if it is only the beginning of the description.

    yt-dlp shortens the description to a title of 72 characters that ends in "...".
    """
    if _GENERIC.fullmatch(title.strip()):
        return ""
    return "" if _plain(description).startswith(_plain(title.rstrip().removesuffix("…").removesuffix("..."))) else title


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
