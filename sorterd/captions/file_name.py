"""What a video's file name tells, without what programs put into names. Pure."""

from __future__ import annotations

import re

from sorterd.captions.caption import Fields

_DATE = r"(?:19|20)\d\d[-./ ]?[01]?\d[-./ ]?[0-3]?\d|[0-3]\d[-./][01]\d[-./](?:19|20)\d\d|[0-3]\d[01]\d20[0-3]\d"
_AT = r"at|um|om|kl|alle|ore|a las|às|à|saat|pukul|lúc|в"
_TIME = r"\d\d?[-. h:]?\d\d(?:[-. m:]?\d\d)?(?:[-.]?\d{1,6})?(?: ?[ap]\.?m\b\.?)?"

# Downloaders, messengers, cameras, screen recorders and editors.
_PROGRAM = (
    r"snap(?:tik|insta|save|tube|chat)|s{3,}tik(?:tok)?|tik(?:down(?:loader)?|mate|vm|save|wm|cdn|tokio|video)|"
    r"save(?:tik|from|insta|clip|tube)|musicall?y?down|ttdownloader|videodownloader|vidmate|fastdl|igram|y2mate|yt\ds|"
    r"redditsave|tiktok|instagram|facebook|fb|telegram|likee|douyin|抖音|mmexport|wx camera|微信视频|"
    r"(?:v[ií]d[eé]o )?(?:(?:do|de|da) )?whats ?app(?:[ -](?:v[ií]d[eé]o|image|видео))?(?: de)?|"
    r"inshot|capcut|youcut|kinemaster|xrecorder|rpreplay|mobizen|az ?recorder|"
    r"screen ?record(?:ing|er)?|screenshot|bildschirmaufnahme|schermopname|rekaman layar|ekran kaydı|запись экрана|"
    r"enregistrement (?:de l.|d.)écran|grabación de pantalla|registrazione schermo|gravação (?:de|da|do) (?:tela|ecrã)|"
    r"画面収録|屏幕录制|录屏|화면 ?기록|화면 ?녹화|"
    r"img|mvimg|vid|svid|mvi|dsc[nf]?|mah|pxl|dji|gopro|gopr|ptt|"
    r"no ?watermark|without watermark|[xh]\.?26[45]|hevc|av1|vp9|aac|opus|mp4|fhd|uhd|utc|tmp"
)
_NOISE = re.compile(
    "|".join(
        (
            r"^(?:www\.)?[\w-]+\.(?:app|io|com|net|org|co|to|cc|me|tv|pro|online|site)(?![a-z0-9])",  # of a downloader
            r"\[[\w-]{6,}\]",  # yt-dlp's id
            r"\((?:\d+|copy)\)|\bcopy(?: \d+)?$|~\d+$",  # of file managers, browsers and phones
            rf"(?<![^\W_])(?:{_DATE})(?:[t ,-]*(?:(?:{_AT}) )?{_TIME})?(?![^\W_])",
            rf"(?<![^\W_])(?:{_PROGRAM})(?![^\W_])",
            r"\b\d{3,4}x\d{3,4}\b|\b\d{3,4}[pi]\d{0,2}\b|\b[248]k\b|\b\d+fps\b",
            r"\b(?=\w*\d)[0-9a-f]{8,}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
            r"(?<![^\W_])(?=[^\W_]{8})[a-z]+(?:\d+[a-z][^\W_]*|\d{5,})",  # ids of letters and digits
            r"\b(?:[a-z]{1,4}|final)?\d{4,}[a-z]?\b|\bwa\d{4}\b|\b\d+\b",  # what cameras count
        )
    ),
    re.IGNORECASE,
)


# Words that tell something only beside others: "film camera tips", but not "New Project" or "videoplayback".
_GENERIC = re.compile(
    r"(?:v[ií]d[eé]os?|videoplayback|mov|movie|clip|reels?|film|download(?:ed)?|untitled|unnamed|export|output|final|temp|"
    r"files?|document|received|trim|copy|edited|resized|compress(?:ed)?|camera|new|my|project|screen|record(?:ing)?|rec|"
    r"win|obs|mv|vn|lv|ls|ts|hdr?|pro|signal|app|insta|twitter|reddit|kwai|pinterest|kling|text|to|n|d)",
    re.IGNORECASE,
)
_BY = re.compile(r"^\W*(?:video|reel|photo|post|story) by \S+\W*$", re.IGNORECASE)  # yt-dlp, for Instagram
_LOOSE = re.compile(r"(?<!\w)[-–—]+|[-–—]+(?!\w)")


def fields_of_name(name: str) -> Fields:
    """Return what the name of a file, with its extension, tells."""
    return Fields(description=telling(name.rpartition(".")[0] or name))


def telling(name: str) -> str:
    """Return the part of a name, or of a title that may be one, that tells something."""
    rest = _LOOSE.sub(" ", _NOISE.sub(" ", re.sub(r"_+", " ", _NOISE.sub(" ", name))))
    words = re.findall(r"[^\W\d_]+", rest)
    told = not _BY.match(rest) and not all(_GENERIC.fullmatch(word) for word in words)
    return rest if told else ""
