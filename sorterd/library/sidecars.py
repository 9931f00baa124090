"""The files that belong to a video and travel with it: its description, subtitles, thumbnail, ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sorterd.library.layout import is_junk
from sorterd.library.names import stem_and_extension

_KINDS = frozenset(
    (".info.json", ".live_chat.json", ".annotations.xml", ".description", ".json", ".xml", ".nfo", ".txt",
     ".jpg", ".jpeg", ".png", ".webp", ".srt", ".vtt", ".ass", ".lrc")
)
# A language, as yt-dlp and players write it: "en", "pt-BR", "zh-Hans-CN", "en-orig", then perhaps "forced", "sdh".
_SUBTITLE = re.compile(r"\.[a-z]{2,3}(-[a-z0-9]{2,8})*(\.(forced|sdh|cc|hi|default))?\.(srt|vtt|ass|lrc)")


def sidecars(video: str, names: Iterable[str], is_video: Callable[[str], bool]) -> list[str]:
    """Given a video's name and all names in its folder, return the names that travel with it, sorted.

    Two ways to belong: by the whole name (`a.mp4.jpg`) or by the stem (`a.jpg`, `a.info.json`, `a.en.srt`). If another
    video of the folder has the same stem (`a.mov`), what belongs by the stem belongs to both and stays.
    """
    stem = stem_and_extension(video)[0]
    near = [name for name in names if name.startswith(stem)]  # few, also in an inbox of thousands
    others = {stem_and_extension(name)[0] for name in near if name != video and is_video(name)}
    return sorted(
        name
        for name in near
        if not is_video(name)
        and not is_junk(name)
        # The longer stem has the better claim: `a.en.srt` is the plain `.srt` of a video `a.en.mp4`, if there is one.
        and (_belongs(name, video) or (_belongs(name, stem) and not any(_belongs(name, other) for other in others)))
    )


def renamed(sidecar: str, video: str, new_video: str) -> str:
    """The sidecar's name once its video is called `new_video` instead of `video`."""
    if sidecar.startswith(video):
        return new_video + sidecar[len(video) :]
    return stem_and_extension(new_video)[0] + sidecar[len(stem_and_extension(video)[0]) :]


def _belongs(name: str, stem: str) -> bool:
    if not name.startswith(stem):
        return False
    rest = name[len(stem) :].lower()
    return rest in _KINDS or _SUBTITLE.fullmatch(rest) is not None
