"""Tell what a file that no demuxer reads is, by its first bytes."""

from __future__ import annotations

import re
from itertools import islice

from sorterd.mp4_boxes import top_boxes

UNKNOWN = "is not a video, or is damaged: no decoder recognises it"

_HEAD = 4096

_SIGNATURES = (  # https://en.wikipedia.org/wiki/List_of_file_signatures
    (rb"\xff\xd8\xff|\x89PNG|GIF8|BM.{4}\0{4}|RIFF.{4}WEBP|II\*\0|MM\0\*|.{4}ftyp(heic|heix|mif1|msf1|avif)",
     "a picture"),
    (rb"ID3|fLaC|RIFF.{4}WAVE|FORM.{4}AIF|#!AMR|.{4}ftypM4[AB] ", "sound"),
    (rb"PK\x03\x04|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b|\xfd7zXZ|BZh|\x28\xb5\x2f\xfd|.{257}ustar", "an archive"),
    (rb"%PDF|\xd0\xcf\x11\xe0", "a document"),
    (rb"\x7fELF|MZ|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe", "a program"),
    (rb"d\d+:", "a torrent, which only says where to get something"),
    (rb"(\xef\xbb\xbf)?\s*(#EXTM3U|\[playlist\]|ffconcat|<\?xml[^>]*>\s*<MPD|v=0\r?\no=)",
     "a playlist, which only names other files"),
    (rb"(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body)\b", "a web page"),
)  # fmt: skip

_VIDEO = (
    (rb"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (rb".{4}moov", "MP4 or MOV"),
    (rb"RIFF.{4}AVI", "AVI"),
    (rb"FLV\x01", "Flash"),
    (rb"OggS", "Ogg"),
    (rb"\x30\x26\xb2\x75", "Windows Media"),
    (rb"\x00\x00\x01\xba", "MPEG"),
)

_BOXES = frozenset((b"ftyp", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moov", b"pnot", b"meta", b"sidx", b"styp"))


def why_no_video(path: bytes) -> str:
    """Return in one sentence ("is ...") what a file that no demuxer reads seems to be."""
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes no bytes
        head = file.read(_HEAD)
        if not head.strip(b"\0"):
            while not (more := file.read(1 << 20)).strip(b"\0"):
                if not more:
                    return "is not a video: it holds only zeros, as a file that was prepared for a download"
            return UNKNOWN
        for pattern, kind in _SIGNATURES:
            if re.match(pattern, head, re.DOTALL | re.IGNORECASE):
                return f"is not a video, but {kind}"
        if head[4:8] in _BOXES and not any(kind == b"moov" for kind, _, _ in islice(top_boxes(file.fileno()), 1000)):
            return "is not a video, or is cut off: its index (moov) is missing, as in an unfinished download"
        for pattern, kind in _VIDEO:
            if re.match(pattern, head, re.DOTALL):
                return f"is damaged or cut off: it begins like {kind}, but no decoder can read it"
        if _is_text(head):
            return "is not a video, but text"
    return UNKNOWN


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # else the cut is in the middle of a character
            return False
        text = head[: error.start].decode("utf-8")
    return not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)
