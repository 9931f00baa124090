"""Recognise other forms of known videos (transcoded, remuxed, re-tagged, saved again) by their names. Pure.

A program that makes another form of a video puts it into the same folder, under the same name or a similar one. It
deletes the original before, after, or much later. None of that says where the video belongs, so the new file inherits
what was known of the old one.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sorterd.changes import Known, KnownFile
from sorterd.library.files import category_of

# What programs append to the names of files that they make, after a character of " ._-([": HandBrake's presets and
# scripts around ffmpeg, Tdarr ("_TdarrCacheFile-..."), browsers and file managers ("x (1)", "x - Copy", "x copy 2").
_ADDED = re.compile(
    r"""(?<=.)(?=[ ._(\[-])(?:[ ._-]*(?:
        \(\d{1,3}\) | [(\[]?(?:
            \d{3,4}[pi] | [248]k | [hx]\.?26[456] | hevc | avc | av1 | vp[89] | aac | opus | (?:8|10)-?bit | hdr | sdr
            | crf-?\d+ | \d{2,3}fps | conv(?:erted)? | compressed | small(?:er)? | optimi[sz]ed | (?:re-?|trans|en)coded
            | re-?encode | transcode | remux(?:ed)? | faststart | fixed | repaired | tagged | edited | handbrake
            | ffmpeg | tdarrcachefile-\w{1,20} | output | new | copy(?:\ \d+)? | original | old | bak | backup
            | mp4 | m4v | mov | mkv | webm | avi
        )[)\]]?
    ))+\Z""",
    re.VERBOSE | re.IGNORECASE,
)

Place = tuple[str, str]  # a folder, and the part of a file name that all forms of a video share
_Index = Mapping[Place, list[KnownFile]]


@dataclass(frozen=True, slots=True)
class Forms:
    """Finds other forms of videos. `left` are the known files that are no longer at their path, by path."""

    known: Known
    left: Mapping[str, KnownFile]
    _known: _Index = field(init=False)
    _left: tuple[_Index, _Index] = field(init=False)
    _lately: tuple[_Index, _Index] = field(init=False)
    _long_ago: _Index = field(init=False)
    _arrived: _Index = field(init=False)

    def __post_init__(self) -> None:
        known, put = self.known, object.__setattr__
        lately = [file for path, file in known.vacated.items() if path in known.recent]
        # Not in the inbox, where names like "video.mp4" come again and again.
        long_ago = [file for path, file in known.vacated.items() if category_of(path) is not None]
        arrived = [file for path, file in known.files.items() if path in known.arrived]
        put(self, "_known", _indexed(known.files.values(), stem_of))
        put(self, "_left", (_indexed(self.left.values(), stem_of), _indexed(self.left.values(), core_of)))
        put(self, "_lately", (_indexed(lately, stem_of), _indexed(lately, core_of)))
        put(self, "_long_ago", _indexed(long_ago, stem_of))
        put(self, "_arrived", _indexed(arrived, core_of))

    def origin(self, path: str, left: Container[str]) -> KnownFile | None:
        """Return the known video of which the new content at `path` is another form, or None.

        `left` are the paths that have just lost their file and are not yet the origin of another new file. Such a video
        is preferred to one that left earlier or is still there. If the first form is still there, or left long ago,
        only the same stem counts, because `video (1).mp4` may also be a second video saved by a browser.
        """
        stem, core = stem_of(path), core_of(path)
        just_left = [one for one in _at(self._left, stem, core) if one.path in left]
        for one in (*just_left, *_at(self._lately, stem, core)):
            if _alike(path, one.path):
                return one
        return next(iter((*self._known.get(stem, ()), *self._long_ago.get(stem, ()))), None)

    def heir(self, file: KnownFile, there: Container[str]) -> KnownFile | None:
        """Return the known file that is another form of `file`, which is gone, with the source to record, or None.

        `there` are the paths whose files are unchanged. The other form is among them. Either it has the same stem, or
        it came later than `file`, within the last hour, with a similar name and content that was not known before. In
        the second case its name is longer, or it has the same source already, because the first form was put aside
        under a longer name.
        """
        for other in self._known.get(stem_of(file.path), ()):
            if other.path in there:
                return other
        recent = self.known.recent
        for other in self._arrived.get(core_of(file.path), ()):
            later = recent[other.path] > recent.get(file.path, -math.inf)
            added = stem_of(other.path)[1].startswith(stem_of(file.path)[1]) or other.source == file.source
            ours = other.ours and not file.ours  # a file that we put there never becomes the user's this way
            if later and added and not ours and other.path in there and _alike(file.path, other.path):
                return replace(other, source=file.source)
        return None


def _at(indexes: tuple[_Index, _Index], stem: Place, core: Place) -> list[KnownFile]:
    by_stem, by_core = indexes
    return [*by_stem.get(stem, ()), *by_core.get(core, ())]


def stem_of(path: str) -> Place:
    """Return the folder of a path, and the file name without its extension, both in Unicode's form NFC."""
    folder, _, name = (path if path.isascii() else unicodedata.normalize("NFC", path)).rpartition("/")
    return folder, name.rpartition(".")[0] or name


def core_of(path: str) -> Place:
    """Return the same as `stem_of`, without what programs append to a name."""
    folder, stem = stem_of(path)
    return folder, _ADDED.sub("", stem)


def plainness(path: str) -> tuple[bool, int, str]:
    """Return a sort key for copies of a video that puts the plainest name first."""
    return core_of(path) != stem_of(path), len(path), path


def _alike(one: str, other: str) -> bool:
    """Return whether one of two paths with the same core was named after the other. `x (1)` and `x (2)` were not."""
    (_, stem), (_, longer) = sorted((stem_of(one), stem_of(other)), key=lambda place: len(place[1]))
    return longer.startswith(stem)


def _indexed(files: Iterable[KnownFile], place: Callable[[str], Place]) -> _Index:
    index: defaultdict[Place, list[KnownFile]] = defaultdict(list)
    for file in sorted(files, key=lambda file: file.path):
        index[place(file.path)].append(file)
    return index
