"""Kinds of files that are never sidecars of a video, whatever they are called.

The last extension decides. A kind that is not listed may be a sidecar: downloaders and players keep inventing new ones.
"""

from __future__ import annotations

import re

from sorterd.library.downloads import ENDINGS
from sorterd.library.kinds import DEFAULT_EXTENSIONS, words

_UNFINISHED = "download or a file in the making"
_KINDS = {
    "video": DEFAULT_EXTENSIONS | words(
        "divx dv f4p insv m1v m2v m2t m4p mjpeg mjpg mod mp4v mpe mpv nsv ogx qt r3d braw rm rmvb swf tod trp vob wtv "
        "y4m yuv h264 h265 264 265 hevc ivf amv drc unknown_video"
    ),
    "document": words(
        "pdf doc docx docm dot dotx dotm odt ott fodt rtf rtfd pages wpd wps tex xls xlsx xlsm xlsb xltx ods ots fods "
        "numbers ppt pptx pptm pps ppsx potx odp otp fodp key keynote odg odf vsd vsdx pub one xps oxps ps djvu epub "
        "mobi azw azw3 fb2 msg eml mbox pst ics vcf accdb mdb gdoc gsheet gslides fountain fdx celtx scriv"
    ),
    "archive": words(
        "zip zipx 7z rar tar tgz tbz tbz2 txz tzst tlz arj cab cpio ace alz lha lzh jar war cbz cbr cb7 sit sitx z "
        "lzma warc wim swm nzb"
    ),
    "disk image": words("iso img dmg vhd vhdx vmdk vdi qcow qcow2 ova ovf bin nrg mdf mds toast sparseimage ccd cdi"),
    "project of an editor": words(
        "prproj prel ppj premiere aep aepx aet mogrt sesx drp drt dra drx drb fcp fcpxml fcpxmld fcpproject "
        "imovieproject imovieproj imoviemobile veg vf kdenlive mlt osp blend blend1 wlmp mswmm camproj camrec tscproj "
        "trec wfp wve vpj vproj hfp flb avp aaf avb nk hrox c4d ma mb max hip hiplc psd psb ai indd idml xd sketch fig "
        "xcf kra clip csp afphoto afdesign afpub procreate als flp logicx band cpr ptx ptf rpp aup aup3 song avs "
        "vpy capcut draft cutproj shotcut pds dvdproj motn"
    ),
    "source code": words(
        "py pyw pyc ipynb js mjs cjs jsx tsx c h cc cpp cxx hh hpp cs java kt kts go rs rb pl pm php swift m mm scala "
        "lua r jl hs ml ex exs erl clj dart zig v vhd sql css scss sass less vue svelte sh bash zsh fish ps1 psm1 awk "
        "tcl asm s f90 pas vb ahk au3 gradle cmake make diff patch"
    ),
    "program": words(
        "exe msi msix com scr dll sys so dylib run appimage deb rpm apk xapk ipa app pkg bat cmd vbs vbe wsf hta cpl "
        "gadget lnk flatpak flatpakref snap crx xpi"
    ),
    "database or key": words("db sqlite sqlite3 kdb kdbx key pem p12 pfx gpg pgp"),
    _UNFINISHED: words(
        "tmp temp swp swo lock lck incomplete unconfirmed dtapart jc torrent metalink meta4 dlc bak old orig"
    ) | {ending.lstrip(".") for ending in ENDINGS},
}  # fmt: skip
_OF_THEIR_OWN_RIGHT = frozenset().union(*_KINDS.values())
_NUMBERED = re.compile(r"[rz]\d\d|\d{3}|part-frag\d+|bak\d*|.*~", re.DOTALL)  # volumes of archives, fragments, backups

# For packed files, the packed content decides: `x.json.xz` is a description, `x.xz` an archive.
_PACKED = words("gz bz2 xz zst lz4 lz br lzo")
_PACKED_SIDECARS = words(
    "json json3 xml info description nfo txt csv tsv srt vtt ass ssa ttml srv1 srv2 srv3 lrc sub sup log html funscript"
)


def names_a_video(ending: str) -> bool:
    """Return whether an ending (".mp4.jpg") continues with a video's extension, and so names that very video."""
    first, *more = ending.lower().lstrip(".").split(".")
    return bool(more) and first in _KINDS["video"]


def is_something_else(extension: str) -> bool:
    """Return whether it is a known extension of something that is neither a video nor a file in the making."""
    families = _KINDS.items()
    return any(extension in kinds for name, kinds in families if name not in ("video", _UNFINISHED))


def of_its_own_right(ending: str) -> bool:
    """Return whether a file is no sidecar, given what follows the video's name in its own name (".info.json")."""
    *before, last = ending.lower().split(".")
    if last in _PACKED:
        return not before or before[-1] not in _PACKED_SIDECARS
    return not last or last in _OF_THEIR_OWN_RIGHT or _NUMBERED.fullmatch(last) is not None
