"""What a video's file name tells, without what programs put into names. Pure."""

from __future__ import annotations

import re

from sorterd.captions.caption import Fields

_NOISE = re.compile(
    "|".join(
        (
            r"\[[\w-]{6,}\]",  # yt-dlp's id
            r"\((\d+|copy)\)|\bcopy( \d+)?$",  # of file managers and browsers
            r"\b(snap(tik|insta|save)|s{3,}tik|tik(down|mate|vm|save)|save(tik|from|insta)|musicallydown|ttdownloader)"
            r"(\.\w{2,4})?\b",
            r"\b(whats\s?app|screen\s?record(ing|er)?|img|vid|video|mov|movie|clip|pxl|dji|gopro|signal|telegram|"
            r"download(ed)?|untitled|export|final|rec|record(ing)?|facebook|instagram|tiktok|reels?)\b",
            r"\b(19|20)\d\d[-. ]?[01]\d[-. ]?[0-3]\d(t?[-. ]?\d\d[-. h:]?\d\d([-. m:]?\d\d)?)?\b",  # dates, with times
            r"\b\d{3,4}x\d{3,4}\b|\b\d{3,4}[pi]\d{0,2}\b|\b[248]k\b|\b\d+fps\b",
            r"\b([xh]\.?26[45]|hevc|av1|vp9|aac|opus|mp4|hdr|nowatermark|no watermark|without watermark|hd)\b",
            r"\b(?=\w*\d)[0-9a-f]{8,}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
            r"\bwa\d{4}\b|\b\d+\b",
        )
    ),
    re.IGNORECASE,
)


def fields_of_name(name: str) -> Fields:
    """Return what the name of a file, with its extension, tells."""
    stem = name.rpartition(".")[0] or name
    return Fields(description=_NOISE.sub(" ", re.sub(r"_+", " ", _NOISE.sub(" ", stem))))
