"""Turn speech into text with Whisper, on CTranslate2 directly instead of faster-whisper's `transcribe`.

That saves time: the encoder runs once per piece (`transcribe` runs it again if the language is unknown), on the piece's
own length and little silence instead of 30 s. Decoding is greedy, without time stamps, several pieces per batch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import ctranslate2
import numpy as np
import tokenizers
import torch
from numpy.typing import NDArray

from sorterd.features import cublas
from sorterd.features.audio import RATE
from sorterd.features.device_failure import DeviceFailed, on_device
from sorterd.features.hallucination import Heard, doubtful, made_up
from sorterd.features.mel import Spectrogram, spectrogram

log = logging.getLogger(__name__)

PRECISION = "int8_float32"
"""On every device, because the same sound must become the same text. On a CPU it is as good as float32 (97 % against 96
% of the truth on ten sentences) and takes 0.56 instead of 0.99 s of processor time for ten seconds of speech, also
without VNNI, and 340 MB less memory. float16, which only cards have, heard other words in 13 of 28 clips."""

CPU_BATCH = 4
"""Pieces decoded together on a CPU. Processor time per piece of 12-21 s: 0.91 s with one at a time, 0.60 s with two or
four, 0.76 s and 100 MB more with eight."""

NO_REPEATED_TOKENS = 4
"""So many tokens in a row never come twice in the careful attempt."""

MAX_TOKENS = 224
"""Half the decoder's context, as in openai/whisper: no speaker fills it in 30 s, but loops do."""


@dataclass(frozen=True, slots=True)
class WhisperFiles:
    """A CTranslate2 Whisper model. `sha256` is that of model.bin. Within `folder()` its files lie in that folder."""

    tokenizer: bytes
    sha256: str
    folder: Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words in a piece of sound, and their language ("en"). Empty if they are not to be trusted."""

    text: str
    language: str


class Whisper:
    """One loaded model on a device. For one thread at a time.

    Raise DeviceFailed if a graphics card refuses, which happens mostly while loading.
    """

    def __init__(self, files: WhisperFiles, device: torch.device) -> None:
        self._device = device.type
        self._model = _load(files, device.type)
        self._tokenizer = tokenizers.Tokenizer.from_str(files.tokenizer.decode())
        self.mels: int = self._model.n_mels
        """Bands of the spectrograms that this model takes."""
        self._start, self._transcribe, self._plain = (
            self._token(name) for name in ("<|startoftranscript|>", "<|transcribe|>", "<|notimestamps|>")
        )
        self.batch = 16 if device.type == "cuda" else CPU_BATCH
        if device.type == "cuda":  # now, not when CTranslate2 first needs CUDA's libraries
            self.transcribe([[spectrogram(np.zeros(RATE, np.float32), self.mels)]])

    def transcribe(self, videos: Sequence[Sequence[Spectrogram]]) -> list[list[Transcript]]:
        """Return the transcripts of the pieces of speech of several videos, in the same shape.

        What is heard in a video does not depend on the others. Its pieces are taken to be in one language, the most
        likely over all of them.
        """
        results: list[list[Transcript]] = [[] for _ in videos]
        for together in self._batches(videos):
            flat = [(video, piece) for video in together for piece in videos[video]]
            for (video, _piece), heard in zip(flat, self._hear_within_memory(flat), strict=True):
                results[video].append(heard)
        return results

    def _batches(self, videos: Sequence[Sequence[Spectrogram]]) -> list[list[int]]:
        """Return the numbers of the videos that are heard together: those with one piece of equal length."""
        alone = [[video] for video, pieces in enumerate(videos) if len(pieces) > 1]
        single = {video: pieces[0].shape[1] for video, pieces in enumerate(videos) if len(pieces) == 1}
        return alone + _of_equal_length(single, self.batch)

    def _hear_within_memory(self, pieces: Sequence[tuple[int, Spectrogram]]) -> list[Transcript]:
        """Hear (video, piece)s, fewer at a time if GPU memory runs out. Raise DeviceFailed if one is too much."""
        while True:
            try:
                return self._hear(pieces)
            except DeviceFailed as failure:
                together = min(self.batch, len(pieces))
                if together == 1 or not failure.short_of_memory:
                    raise
            self.batch = together // 2
            log.warning("out of GPU memory: %d pieces of speech at a time from here on", self.batch)

    def _hear(self, pieces: Sequence[tuple[int, Spectrogram]]) -> list[Transcript]:
        batches = _of_equal_length({i: piece.shape[1] for i, (_video, piece) in enumerate(pieces)}, self.batch)
        encoded = [self._encode([pieces[i][1] for i in batch]) for batch in batches]
        languages = self._languages([[pieces[i][0] for i in batch] for batch in batches], encoded)
        heard: dict[int, Transcript] = {}
        for batch, columns, tokens in zip(batches, encoded, languages, strict=True):
            firsts = self._decode(columns, tokens, beam_size=1)
            for i, first, language in zip(batch, firsts, tokens, strict=True):
                again = self._hear_again(pieces[i][1], language) if doubtful(first) else None
                text = "" if made_up(first, again) else (again or first).text
                heard[i] = Transcript(text, language[2:-2])
        return [heard[i] for i in range(len(pieces))]

    def _hear_again(self, piece: Spectrogram, language: str) -> Heard:
        options = {"beam_size": 5, "no_repeat_ngram_size": NO_REPEATED_TOKENS}
        return self._decode(self._encode([piece]), [language], **options)[0]

    def _encode(self, pieces: Sequence[Spectrogram]) -> Any:
        """Return the encoder's output for pieces of equal length."""
        if self._device == "cuda":
            return self._encode_columns(np.stack(pieces))
        # One by one: a CPU does not encode several at once faster, and each of 30 s takes 120 MB meanwhile. Only
        # decoding gains from batches.
        encoded = [np.array(self._encode_columns(one[None])) for one in pieces]
        return ctranslate2.StorageView.from_array(np.concatenate(encoded))

    def _encode_columns(self, columns: NDArray[np.float32]) -> Any:
        with self._device_errors():  # a copy: decoders hand over memory that can only be read
            return self._model.encode(ctranslate2.StorageView.from_array(np.array(columns, order="C")))

    def _device_errors(self) -> AbstractContextManager[None]:
        return on_device(self._device, "speech")

    def _languages(self, batches: Sequence[Sequence[int]], encoded: Sequence[Any]) -> list[list[str]]:
        """Return the language token of each piece: the most likely one over its video's pieces.

        `batches` are the numbers of the videos whose pieces were encoded together.
        """
        if not self._model.is_multilingual:
            return [["<|en|>"] * len(videos) for videos in batches]
        totals: dict[int, dict[str, float]] = {}
        for videos, columns in zip(batches, encoded, strict=True):
            with self._device_errors():
                languages = self._model.detect_language(columns)
            for video, found in zip(videos, languages, strict=True):
                total = totals.setdefault(video, {})
                for token, probability in found:
                    total[token] = total.get(token, 0.0) + probability
        return [[max(totals[video], key=totals[video].__getitem__) for video in videos] for videos in batches]

    def _decode(self, encoded: Any, languages: Sequence[str], **options: int) -> list[Heard]:
        prompts = [self._prompt(language) for language in languages]
        with self._device_errors():
            results = self._model.generate(
                encoded,
                prompts,
                max_length=len(prompts[0]) + MAX_TOKENS,
                return_scores=True,
                **options,
            )
        return [self._heard(result) for result in results]

    def _prompt(self, language: str) -> list[int]:
        if not self._model.is_multilingual:
            return [self._start, self._plain]
        return [self._start, self._token(language), self._transcribe, self._plain]

    def _heard(self, result: Any) -> Heard:
        tokens = result.sequences_ids[0]
        text = self._tokenizer.decode(tokens).strip()
        return Heard(text, result.scores[0] * len(tokens) / (len(tokens) + 1))

    def _token(self, name: str) -> int:
        token = self._tokenizer.token_to_id(name)
        if token is None:
            raise ValueError(f"the tokenizer of this Whisper model has no token {name}")
        return int(token)


def _load(files: WhisperFiles, device: str) -> Any:
    with files.folder() as folder, on_device(device, "speech"):
        if device == "cuda":
            cublas.preload()
        return ctranslate2.models.Whisper(folder, device=device, compute_type=PRECISION)


def _of_equal_length(lengths: Mapping[int, int], most: int) -> list[list[int]]:
    """Return numbers in batches of at most `most`, those of one batch with the same length in `lengths`.

    More silence at the end of a piece, to make it as long as another, would change what is heard.
    """
    alike: dict[int, list[int]] = {}
    for number, length in lengths.items():
        alike.setdefault(length, []).append(number)
    return [numbers[first : first + most] for numbers in alike.values() for first in range(0, len(numbers), most)]
