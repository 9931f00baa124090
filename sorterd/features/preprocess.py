"""All that is done with a file before the models see it: decode it, find speech in it, make spectrograms of that.

That needs no model but the small one that finds voices, so it may run in another process (`worker.decoder`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Literal

from sorterd.features.clip import Decoder, read_clip
from sorterd.features.container import UnreadableVideo
from sorterd.features.mel import Spectrogram, spectrogram
from sorterd.features.picture import Picture, PictureShape
from sorterd.features.stills import Stills, draw_stills


@dataclass(frozen=True, slots=True)
class PreprocessOptions:
    """What the models need of a file.

    They need at most `frames` pictures of `shape`, none if these come from elsewhere, and speech in `mels` bands, none
    with 0. With `stills`, pictures for people are drawn too.
    """

    frames: int
    shape: PictureShape
    mels: int
    stills: bool


@dataclass(frozen=True, slots=True, eq=False)
class Preprocessed:
    """What the models get of one video: pictures, at least one, and a spectrogram for each piece of speech.

    `sound` is the state of its sound. `complete` is False if parts of it were left out. `stills` are None if not asked
    for. `seconds` is the length that the file claims, 0 if it claims none.
    """

    pictures: list[Picture]
    spectrograms: list[Spectrogram]
    sound: Literal["heard", "none", "unreadable"]
    complete: bool = True
    stills: Stills | None = None
    seconds: float = 0.0


Preprocess = Callable[[bytes, PreprocessOptions], Preprocessed]
"""Given an absolute path and options, returns what the models need, or raises UnreadableVideo."""


def preprocess(
    path: bytes, options: PreprocessOptions, alone: Callable[[], AbstractContextManager[object]] = nullcontext
) -> Preprocessed:
    """Return what the models need of the file at an absolute path. For `alone` and what is raised see `read_clip`."""
    frames, stills = options.frames, options.stills and options.frames > 0
    clip = read_clip(path, frames, options.shape, sound=options.mels > 0, stills=stills, alone=alone)
    spectrograms = []
    if clip.sound.windows:
        from sorterd.features.voice import spoken  # loads models, which pictures do without

        spectrograms = [spectrogram(piece, options.mels) for piece in spoken(clip.sound.windows)]
    sound = clip.sound
    return Preprocessed(clip.pictures, spectrograms, sound.state, sound.complete, clip.stills, clip.seconds)


def with_second_decoder(first: Preprocess, second: Decoder) -> Preprocess:
    """Return `first` with `second` for the pictures of files that seem whole but give the first decoder none."""

    def both(path: bytes, options: PreprocessOptions) -> Preprocessed:
        try:
            return first(path, options)
        except UnreadableVideo as refusal:
            if not refusal.seems_whole:
                raise
            pictures = second(path, options.frames, options.shape)
            if not pictures:
                raise
        rest = first(path, replace(options, frames=0))
        # Of what the second decoder reads there are only the squares.
        return replace(rest, pictures=pictures, stills=draw_stills(pictures) if options.stills else None)

    return both
