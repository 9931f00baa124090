"""Find the files that belong to a video and travel with it: its description, subtitles, thumbnail, ...

The rule: a file that is no video, lies in the same folder and begins with exactly this video's name, with or without
its extension, belongs to it. If two names fit, the longer one decides. What fits two videos equally belongs to neither.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set

from sorterd.library.downloads import tracks
from sorterd.library.junk import is_litter
from sorterd.library.names import composed, stem_and_extension
from sorterd.library.never_sidecars import names_a_video, of_its_own_right

Claims = Mapping[str, Set[str]]  # what a sidecar's name may begin with -> the videos that it would belong to

# yt-dlp, Kodi and Jellyfin; gallery-dl and others use `_thumb`. Pictures only: `x-thumb.zip` is something else.
_ARTWORK = re.compile(
    r"(-(thumb|poster|fanart|banner|landscape|clearart|clearlogo|logo|keyart)|_(thumb|poster))"
    r"\.(jpe?g|png|webp|gif|avif|heic|heif|jxl|bmp|tbn|image)",
    re.IGNORECASE,
)
# `x.en.srt`, `x.mp4.xmp`. A dot before a blank or another dot is part of a sentence: "wait. what.jpg".
_DOTTED = re.compile(r"(\.[^\s.]([^.]*[^\s.])?)+")


def claims(videos: Iterable[str]) -> Claims:
    """Return the beginnings of names that each of a folder's videos may claim, in one Unicode form."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for video in videos:
        for beginning in (video, stem_and_extension(video)[0]):
            found[composed(beginning)].add(video)
    return found


def owners(name: str, claimed: Claims) -> Set[str]:
    """Return the videos to which a file of this name belongs: one, several with the same claim, or none."""
    for at in _possible_ends(name):
        found = claimed.get(composed(name[:at]))
        if found is not None and _is_sidecar_ending(name[at:]):
            return found
    return frozenset()


def sidecars(
    video: str, names: Iterable[str], is_video: Callable[[str], bool], elsewhere: Iterable[str] = ()
) -> list[str]:
    """Return the names in a video's folder that travel with the video, sorted.

    `elsewhere` are the names of videos that left this folder. A file that could also be theirs stays until they are
    together again.
    """
    start = composed(stem_and_extension(video)[0])
    near = [name for name in names if composed(name).startswith(start)]  # few, also in an inbox of thousands
    parts = {name for name, track in tracks(near).items() if track.sure}
    videos = {video, *(name for name in near if is_video(name))}
    claimed = claims({*videos, *elsewhere})
    return sorted(
        name
        for name in near
        if name not in videos and name not in parts and not is_litter(name) and owners(name, claimed) == {video}
    )


def renamed(sidecar: str, video: str, new_video: str) -> str:
    """Return the sidecar's name once its video is called `new_video` instead of `video`."""
    for old, new in ((video, new_video), (stem_and_extension(video)[0], stem_and_extension(new_video)[0])):
        for at in _possible_ends(sidecar):
            if composed(sidecar[:at]) == composed(old) and _is_sidecar_ending(sidecar[at:]):
                return sidecar if composed(old) == composed(new) else new + sidecar[at:]
    raise ValueError(f"{sidecar!r} does not belong to {video!r}")


def _possible_ends(name: str) -> Iterator[int]:
    """Yield where the video's name may end in the name of a sidecar, the longest first."""
    return (at for at in range(len(name) - 1, 0, -1) if name[at] in ".-_")


def _is_sidecar_ending(ending: str) -> bool:
    if _ARTWORK.fullmatch(ending):
        return True
    return _DOTTED.fullmatch(ending) is not None and not of_its_own_right(ending[1:]) and not names_a_video(ending)
