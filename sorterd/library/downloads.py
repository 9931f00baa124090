"""Recognise by name what programs that download, copy or synchronise leave in a folder while they work.

This is the only table of such names. Each rule says which program it is for and where its code or manual says so. What
a name alone cannot tell (whether a track has sound, when it last changed) is left to the caller.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sorterd.library.kinds import DEFAULT_EXTENSIONS, words

# `x.mp4<ending>` will become `x.mp4`, or says that `x.mp4` beside it is not complete yet.
ENDINGS: Mapping[str, str] = {
    ".part": "yt-dlp and youtube-dl (downloader/common.py temp_name), gallery-dl (path.py part_enable), Firefox, "
    "KDE (kio file_unix.cpp), Transmission (rename-partial-files), JDownloader",
    ".ytdl": "yt-dlp (downloader/common.py ytdl_filename): the state of a download in fragments",
    ".aria2": "aria2, Motrix, Persepolis (aria2 manual, 'Control File'): the file itself is full of holes",
    ".st": "axel (src/axel.c): its state file",
    ".lftp-pget-status": "lftp (src/pgetJob.cc): the file itself is full of holes",
    ".lftp": "lftp (xfer:temp-file-name, as most set-ups have it)",
    ".crdownload": "Chrome, Edge, Brave, Vivaldi (chrome/browser/download GetCrDownloadPath)",
    ".crswap": "Chrome, pages that save by themselves (File System Access: createWritable)",
    ".opdownload": "Opera",
    ".partial": "rclone (--partial-suffix), Edge and Internet Explorer, the OneDrive client for Linux, Taildrop",
    ".download": "Safari, you-get (common.py url_save), lux (downloader.go)",
    ".downloading": "Baidu Netdisk (.baiduyun.p.downloading)",
    ".filepart": "WinSCP (manual, 'Transfer to temporary filename')",
    ".fdmdownload": "Free Download Manager",
    ".xltd": "Xunlei (Thunder)",
    ".td": "Xunlei (Thunder), older versions",
    ".!qb": "qBittorrent ('Append .!qB extension to incomplete files')",
    ".!ut": "uTorrent",
    ".!bt": "BitTorrent",
    ".bc!": "BitComet",
    ".az!": "Vuze",
    ".!sync": "Resilio Sync",
    ".icloud": "iCloud: the file is in the cloud only",
    ".nextcloud": "Nextcloud virtual files: the file is on the server only",
    ".owncloud": "ownCloud virtual files: the file is on the server only",
}
# Firefox writes `x.<8 characters>.mp4.part` (nsExternalHelperAppService.cpp), rclone `x.mp4.<8 digits>.partial`.
_SALTED = re.compile(r"(.+)\.[\w-]{8}(\.\w+)\.part|(.+)()\.[0-9a-f]{8}\.partial", re.DOTALL | re.IGNORECASE)
# yt-dlp keeps fragments as `x.mp4.part-Frag7` and, with --no-part, as `x.mp4-Frag7` (downloader/fragment.py).
_FRAGMENT = re.compile(r"(.+?)(\.part)?-Frag\d+(\.part)?", re.DOTALL)

# Beginnings of hidden names that end like a video but belong to a program; compared in lower case.
HIDDEN: Mapping[str, str] = {
    ".sorterd-": "sorterd (library/endpoints.py)",
    ".in.": "lftp (xfer:temp-file-name, default .in.*)",
    ".pending-": "Android: an app is still writing it (MediaStore IS_PENDING)",
    ".trashed-": "Android: in the trash (MediaStore IS_TRASHED)",
    ".getxfer.": "MEGA (LocalPath::tmpNameLocal)",
    ".syncthing.": "Syncthing (lib/fs/tempname.go)",
    ".unison.": "Unison",
    ".goutputstream-": "GNOME (glocalfileoutputstream.c)",
    ".com.google.chrome.": "Chrome on Linux",
    ".~": "Nextcloud and ownCloud (.x.~1a2b3c4d), older Dropbox",
    ".nfs": "NFS: deleted while somebody has it open",
    ".fuse_hidden": "FUSE: deleted while somebody has it open",
    ".smbdelete": "macOS on SMB: deleted while somebody has it open",
}

# yt-dlp and youtube-dl write each track as `x.f<format_id>.<ext>` (YoutubeDL.py prepend_extension), with blanks and
# `,/+[]()` in the id replaced by `_`. The joined tracks are first written as `x.temp.<ext>` (postprocessor/ffmpeg.py).
_ID = re.compile(r"[^\s,/+\[\]()]+")
# How format ids without a digit begin, from all of yt-dlp's extractors.
_KNOWN_IDS = words("""
    addr audio bytevc dash default direct dolby download fallback flv gif hd hds hi high hls hq http https
    instance ipfs ism ivs label live lq main medium mezzanine mpd mss mv original ovid play podcast preview
    progressive rtmp rtsp sd share sign smooth social source spritesheets src stream transcode uhd ultra upgrade
    vid video view vip wav webm
""")
# Words with an f that people put between the dots of a name: `x.final.mp4` is no track, even if it has no sound. Not in
# the list, because they could be ids: fav (id `av1`), flow (id `low`), fx.
_WORDS = words("""
    fab fabulous face faces fact facts fail fails fair fairy fake fall fam fame family famous fan fancam fancy
    fans fantastic fantasy far farm fashion fast fat father fave favorite favourite fear feat feature feb
    february feed feel feels feet female ferret fest festival few fiction field fiesta fifth fight fights film
    films fin final finale finally finals find fine finger finish finished fire fireworks first fish fishing fit
    fitness fix fixed flag flash flat flight flip float flood floor flower flowers fluffy fly flying focus fog
    folk follow food foodie fool foot footage football for force foreign forest forever fork form format formula
    fort fortnite forward found foundation four fox foxes frame france frank free freestyle freeze french fresh
    fri friday fridge fried friend friendly friends frog from front frozen fruit fruits full fun funk funny fur
    furry future fyp
""")
# `tom.foxy99_7388123456789012345.mp4`: a user's name and the number of a TikTok, as many programs save it.
_NUMBERED = re.compile(r"[^\W\d_][\w.-]*[_-]\d{15,}")
# you-get (common.py), lux and annie: `x[00].mp4`, `x[01].mp4`, ... until they are joined to `x.mp4`.
_PIECE = re.compile(r"(.*\S)\[\d{1,3}\]", re.DOTALL)
_MEDIA = DEFAULT_EXTENSIONS | words("unknown_video m4a mp3 aac ac3 ec3 eac3 opus ogg oga weba mka flac wav wma")
_ALONE, _IN_COMPANY, _AS_A_WORD = 3, 2, 1  # how much the name alone proves


@dataclass(frozen=True, slots=True)
class Track:
    """A file that looks like a part of a video that is being put together.

    `group` are all names in the folder with the same stem. `sure` is true if the names prove it. Otherwise the file is
    a track only if it has no sound.
    """

    group: frozenset[str]
    sure: bool


@dataclass(frozen=True, slots=True)
class _NameReading:
    """One way to read a name as that of a part of `stem`."""

    stem: str
    certainty: int


def targets(name: str) -> list[str]:
    """Return the final names that a partial file of this name may get, or none if it is no partial file."""
    whole, _, tail = name.rpartition(".")
    found = [whole] if whole and f".{tail.lower()}" in ENDINGS else []
    if "-Frag" in name and (match := _FRAGMENT.fullmatch(name)):
        found.append(match[1])
    if found and (match := _SALTED.fullmatch(name)):
        found.append(f"{match[1]}{match[2]}" if match[1] else match[3])
    return found


def program_of_hidden(name: str) -> str | None:
    """Return the program to which a hidden file of this name belongs, or None if the name does not tell."""
    if not name.startswith("."):
        return None
    lower = name.lower()
    return next((program for prefix, program in HIDDEN.items() if lower.startswith(prefix)), None)


def not_whole(names: Collection[str]) -> dict[str, str]:
    """Return the names in a folder that are not complete yet, each with the name beside it that says so."""
    return {target: name for name in names for target in targets(name) if target in names}


def tracks(names: Collection[str]) -> dict[str, Track]:
    """Return those of a folder's names that look like parts of a video that is being put together.

    - `x.f137.mp4` does by its name alone.
    - `x.fabc.mp4` does beside another part of `x`, or if it has no sound.
    - `x.final.mp4` does only beside a part that is beyond doubt.
    - `x.mp4` does beside `x.temp.mp4`, which will replace it.
    """
    readings = {name: ways for name in names if (ways := _readings((targets(name) or [name])[0]))}
    if not readings:
        return {}
    near: defaultdict[str, list[str]] = defaultdict(list)  # names that begin alike: few, also in an inbox of thousands
    for name in names:
        near[beginning(name)].append(name)
    found: dict[str, Track] = {}
    for name, ways in readings.items():
        whole = not targets(name)
        for way in ways:
            begins = (f"{way.stem}.", f"{way.stem}[")
            group = frozenset(other for other in near[beginning(way.stem)] if other.startswith(begins))
            sure = way.certainty == _ALONE or _in_company(way, group - {name}, readings)
            if whole and (sure or (way.certainty == _IN_COMPANY and not _is_piece(name))):
                found[name] = max(found.get(name, Track(group, sure)), Track(group, sure), key=lambda track: track.sure)
            replaced = _replaced(name)
            if whole and replaced is not None and replaced in names:
                found[replaced] = Track(group, sure=True)
    return found


def beginning(name: str) -> str:
    """Return the beginning that all names of one download share."""
    return name.partition(".")[0].partition("[")[0]


def awaited(name: str, names: Collection[str]) -> str | None:
    """Return a name in the folder which says that a running download will end in a file `name`, or None.

    Download programs rename over whatever lies there by then.
    """
    stem = name.rpartition(".")[0]
    for other in names:
        partial = targets(other)
        least = _IN_COMPANY if partial else _ALONE
        whole = (partial or [other])[0]
        if name in partial or any(way.stem == stem and way.certainty >= least for way in _readings(whole)):
            return other
    return None


def _in_company(way: _NameReading, others: Iterable[str], readings: Mapping[str, list[_NameReading]]) -> bool:
    """Return whether other names of the same stem leave no doubt that it is one of several parts."""
    for other in others:
        partial = bool(targets(other))
        known = [it.certainty for it in readings.get(other, []) if it.stem == way.stem]
        if any(it == _ALONE or (it == _IN_COMPANY and (partial or way.certainty == _IN_COMPANY)) for it in known):
            return True
        if partial and way.certainty == _IN_COMPANY:  # `x.mp4.part`, `x.m4a.ytdl`
            return True
    return False


def _readings(name: str) -> list[_NameReading]:
    """Return all ways to read a complete name as that of a part."""
    base, _, end = name.rpartition(".")
    if not base or end.lower() not in _MEDIA or not (".f" in base or base.endswith((".temp", "]"))):
        return []
    places = [match.start() for match in re.finditer(r"\.f", base)]
    found = [_NameReading(base[:at], _certainty(base[at + 2 :])) for at in places if at and _ID.fullmatch(base, at + 2)]
    if (replaced := _replaced(name)) is not None:
        found.append(_NameReading(replaced.rpartition(".")[0], _ALONE))
    if match := _PIECE.fullmatch(base):
        found.append(_NameReading(match[1], _IN_COMPANY))
    return found


def _certainty(id: str) -> int:
    first = id.partition(".")[0]  # `hls-1.5` is an id, `final.v2` is not
    word = re.match("[^\\W\\d_]*", first.lower())
    letters = word[0] if word else ""
    if "f" + letters in _WORDS:
        return _AS_A_WORD
    if letters not in _KNOWN_IDS and _NUMBERED.fullmatch(first):
        return _IN_COMPANY
    return _ALONE if any(map(str.isdigit, first)) or letters in _KNOWN_IDS else _IN_COMPANY


def _replaced(name: str) -> str | None:
    """Return `x.mp4` for `x.temp.mp4`: the file that it will replace."""
    base, dot, end = name.rpartition(".")
    stem = base.removesuffix(".temp")
    return f"{stem}{dot}{end}" if stem and stem != base else None


def _is_piece(name: str) -> bool:
    return _PIECE.fullmatch(name.rpartition(".")[0]) is not None
