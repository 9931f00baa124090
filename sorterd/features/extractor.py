"""Turn video files into vectors. Threads decode the next files while the models work on the present ones."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from sorterd.features import device as devices
from sorterd.features import fusion, memory
from sorterd.features.container import UnreadableVideo
from sorterd.features.encoder import Encoder, Vectors
from sorterd.features.fusion import EXTRACTED, PICTURES, SPEECH, ExtractedModality
from sorterd.features.models import Models, resolve
from sorterd.features.preprocess import Preprocess, Preprocessed, PreprocessOptions, preprocess
from sorterd.features.settings import FeatureSettings, FeatureSpace, Placement
from sorterd.features.speech import Transcript, Whisper
from sorterd.features.stills import Stills
from sorterd.features.transcript import GAP, chunks

log = logging.getLogger(__name__)

Audio = Literal["speech", "silent", "none", "unreadable"]

DECODERS = min(4, os.cpu_count() or 1)
"""Files decoded at the same time by threads of this process."""

AHEAD = 2
"""Files decoded, or being decoded, ahead of the models, for each that is decoded at a time. Each holds up to 5 MB."""

FEWEST_AHEAD = 4
"""The same in total: the models take several files at once in less time than one by one."""

PATIENCE = 0.5
"""Seconds that models on a processor wait for files that are being decoded, to get more of them at once. Two pieces of
speech take two thirds of the time together."""


@dataclass(frozen=True, slots=True, eq=False)
class Extraction:
    """Features of one video: the vector [D], the transcript, its language, the state of the sound, stills, its length.

    `audio` is "speech", "silent" (sound, but no speech that can be trusted), "none" (no sound track) or "unreadable".
    """

    key: str
    vector: NDArray[np.float32]
    transcript: str
    language: str
    audio: Audio
    stills: Stills | None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ExtractionFailure:
    """Why a video has no features, in one short sentence.

    `transient`: it may work later although the file has not changed.
    """

    key: str
    reason: str
    transient: bool


class Extractor:
    """The loaded models and the path through them.

    For one thread at a time. Raise DeviceFailed if a card refuses its part.
    """

    def __init__(
        self, settings: FeatureSettings, models: Models, extracted: Sequence[ExtractedModality] = EXTRACTED
    ) -> None:
        self.draws_stills = False
        self.preprocess: Preprocess = self._in_this_process
        """Reads one file, on any thread. Another function may take its place."""
        self.decoders = DECODERS
        """How many files are read at the same time."""
        placement = _place(settings, models)
        self._frames = settings.frames
        self._extracted = extracted
        self._whisper = Whisper(models.whisper, torch.device(placement.speech)) if models.whisper else None
        self._encoder = Encoder(models.towers, torch.device(placement.towers), settings.batch_size)
        self._large = threading.Lock()
        # A card takes what there is: while it is busy, more files get ready.
        self._patience = PATIENCE if placement.device == "cpu" else 0.0
        self.space = space_of(settings, models, placement.device, extracted)
        memory.give_back()  # loading takes more memory than what it keeps

    @classmethod
    def load(cls, settings: FeatureSettings, placed: Callable[[Placement], object] = lambda _: None) -> Extractor:
        """Load the models that the settings mean. `placed` is called with their devices before a card is used.

        Raise ModelsUnavailable, whose message is one sentence with the remedy, or DeviceFailed.
        """
        models = resolve(settings)
        if settings.device == "cuda" and devices.choose("cuda").type == "cpu":
            log.warning("features.device is cuda, but no CUDA GPU is usable here: using the CPU")
        placed(_place(settings, models))
        return cls(settings, models)

    def extract(
        self, videos: Sequence[tuple[str, bytes]], started: Callable[[str], None]
    ) -> Iterator[Extraction | ExtractionFailure]:
        """Yield one result for each (key, absolute path) of the videos, in order, as soon as it is ready.

        `started` is called with a key, in the caller's thread, right before the file is handed to the decoders.
        """
        waiting = deque(videos)
        decoding: deque[tuple[str, Future[Preprocessed]]] = deque()
        pool = ThreadPoolExecutor(self.decoders, thread_name_prefix="decode")
        ahead, options = max(FEWEST_AHEAD, AHEAD * self.decoders), self._options()

        def keep_decoding() -> None:
            while waiting and len(decoding) < ahead:
                key, path = waiting.popleft()
                started(key)
                decoding.append((key, pool.submit(self.preprocess, path, options)))

        try:
            keep_decoding()
            if decoding:
                self._encoder.warm_up(until=decoding[0][1].done)
            while decoding:
                decoded = _ready(decoding, limit=ahead, patience=self._patience)
                keep_decoding()  # to decode while the models work
                yield from self._finish(decoded)
        finally:
            pool.shutdown(cancel_futures=True)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows [n, d_text] of n texts, such as folder names, in the text tower's space."""
        return self._encoder.texts(texts)

    def _options(self) -> PreprocessOptions:
        mels = self._whisper.mels if self._whisper else 0
        return PreprocessOptions(self._frames, self._encoder.towers.shape, mels, self.draws_stills)

    def _in_this_process(self, path: bytes, options: PreprocessOptions) -> Preprocessed:
        return preprocess(path, options, self._one_large_at_a_time)

    @contextmanager
    def _one_large_at_a_time(self) -> Iterator[None]:
        with self._large:
            try:
                yield
            finally:
                memory.give_back()

    def _finish(self, decoded: Sequence[tuple[str, Future[Preprocessed]]]) -> Iterator[Extraction | ExtractionFailure]:
        """Run the models over the decoded videos. Yield a result for each, in order."""
        clips: list[Preprocessed] = []
        failures: dict[str, ExtractionFailure] = {}
        for key, future in decoded:
            try:
                clips.append(future.result())
            except UnreadableVideo as error:
                failures[key] = ExtractionFailure(key, error.reason, error.transient)
        features = self._features(clips)
        for key, _future in decoded:
            yield failures[key] if key in failures else next(features)(key)

    def _features(self, clips: Sequence[Preprocessed]) -> Iterator[Callable[[str], Extraction]]:
        """Run all pictures through the image tower at once, then all speech through Whisper, then all text."""
        seen = self._encoder.images([picture for clip in clips for picture in clip.pictures])
        speeches = self._hear(clips)
        pieces = [self._pieces(speech.text) for speech in speeches]
        words = self._encoder.texts([piece for of_one in pieces for piece in of_one])
        for clip, speech, of_one in zip(clips, speeches, pieces, strict=True):
            images, seen = seen[: len(clip.pictures)], seen[len(clip.pictures) :]
            texts, words = words[: len(of_one)], words[len(of_one) :]
            video = fusion.EncodedVideo(clip, images, texts)
            vector = fusion.fuse(video, self._extracted, self._encoder.towers.widths)
            yield partial(
                Extraction,
                vector=vector,
                transcript=speech.text,
                language=speech.language,
                audio=_audio(clip, speech.text),
                stills=clip.stills,
                seconds=clip.seconds,
            )

    def _hear(self, clips: Sequence[Preprocessed]) -> list[Transcript]:
        if self._whisper is None:
            return [Transcript("", "")] * len(clips)
        heard = self._whisper.transcribe([clip.spectrograms for clip in clips])
        return [_joined(parts, clip.complete) for parts, clip in zip(heard, clips, strict=True)]

    def _pieces(self, text: str) -> list[str]:
        return chunks(text, self._encoder.towers.count, self._encoder.towers.context)


def _place(settings: FeatureSettings, models: Models) -> Placement:
    return devices.place(settings, models.models, listens=models.whisper is not None)


def space_of(
    settings: FeatureSettings, models: Models, device: str, extracted: Sequence[ExtractedModality] = EXTRACTED
) -> FeatureSpace:
    """Return the feature space of these settings and models. Its id depends on everything that changes a vector."""
    everything: dict[str, object] = {
        "towers": [models.name, models.digest],
        "whisper": models.whisper.sha256 if models.whisper else "off",
        "frames": settings.frames,
        "version": fusion.VERSION,
    }
    further = [one.name for one in extracted if one not in (PICTURES, SPEECH)]
    if further:  # libraries from before there could be any keep their id
        everything["modalities"] = further
    digest = hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()
    modalities = fusion.described(extracted, models.towers.widths)
    return FeatureSpace(f"{models.models}-{digest[:16]}", modalities, models.models, device)


def _ready(
    decoding: deque[tuple[str, Future[Preprocessed]]], limit: int, patience: float
) -> list[tuple[str, Future[Preprocessed]]]:
    """Wait for the next clip. Return it with those after it, up to `limit`, that are decoded now or soon."""
    taken = [decoding.popleft()]
    wait([taken[0][1]])
    wait([future for _key, future in islice(decoding, limit - 1)], timeout=patience)
    while decoding and len(taken) < limit and decoding[0][1].done():
        taken.append(decoding.popleft())
    return taken


def _joined(parts: Sequence[Transcript], complete: bool) -> Transcript:
    """Join the transcripts of one video's pieces. The language is that of the first piece with text."""
    spoken_parts = [part for part in parts if part.text]
    if not spoken_parts:
        return Transcript("", "")
    return Transcript((" " if complete else GAP).join(part.text for part in spoken_parts), spoken_parts[0].language)


def _audio(clip: Preprocessed, text: str) -> Audio:
    if clip.sound == "heard":
        return "speech" if text else "silent"
    return clip.sound
