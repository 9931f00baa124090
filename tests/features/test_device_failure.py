"""A graphics card that fails, simulated where the libraries are called. The models are real, on the CPU."""

import ctypes
from collections.abc import Sequence
from contextlib import nullcontext
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import ctranslate2
import numpy as np
import pytest
import torch
from support.films import mels, speech

from features.refusals import BY_CTRANSLATE2, BY_TORCH
from features.test_encoder import Mean, letters
from sorterd.features import cublas
from sorterd.features.audio import RATE
from sorterd.features.device_failure import DeviceFailed, advice, on_device
from sorterd.features.encoder import Encoder, Towers
from sorterd.features.models import whisper
from sorterd.features.picture import PictureShape
from sorterd.features.speech import Whisper, WhisperFiles

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
STEPS = ("load", "encode", "detect_language", "generate")
SHORT = speech()[: 3 * RATE]
PICTURES = [np.full((4, 4, 3), 200, np.uint8)] * 9


@cache
def files() -> WhisperFiles:
    """Return the files of the packaged model, without unpacking them for each test."""
    packaged = whisper.load(None)
    return WhisperFiles(packaged.tokenizer, packaged.sha256, lambda: nullcontext(""))


@cache
def cpu_model(precision: str) -> Any:
    """Return the real model, loaded once."""
    with whisper.load(None).folder() as folder:
        return MODEL(folder, device="cpu", compute_type=precision)


MODEL = ctranslate2.models.Whisper


class Card:
    """CTranslate2's model on a simulated card: computes on the CPU and raises what it is told to."""

    room: ClassVar[int] = 16  # pieces that fit into its memory
    refuses: ClassVar[dict[str, Exception]] = {}

    def __init__(self, _folder: str, *, device: str, compute_type: str) -> None:
        self._model = cpu_model(compute_type)
        self.device = device
        self.is_multilingual, self.n_mels = self._model.is_multilingual, self._model.n_mels
        self._fails("load")

    def _fails(self, step: str) -> None:
        if step in self.refuses:
            raise self.refuses[step]

    def encode(self, features: Any) -> Any:
        self._fails("encode")
        if features.shape[0] > self.room:
            raise RuntimeError("CUDA failed with error out of memory")
        return self._model.encode(features)

    def detect_language(self, encoded: Any) -> Any:
        self._fails("detect_language")
        return self._model.detect_language(encoded)

    def generate(self, *inputs: Any, **options: Any) -> Any:
        self._fails("generate")
        return self._model.generate(*inputs, **options)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> type[Card]:
    monkeypatch.setattr(Card, "refuses", {})
    monkeypatch.setattr(Card, "room", 16)
    monkeypatch.setattr(ctranslate2.models, "Whisper", Card)
    return Card


@cache
def loaded() -> Whisper:
    return Whisper(files(), CUDA)


@pytest.fixture
def on_card(card: type[Card]) -> Whisper:  # noqa: ARG001
    """A model on the card, which was loaded once and has learned nothing yet of its memory."""
    return copy(loaded())


def encoder(device: str = "cpu") -> Encoder:
    """Return two small towers that count as running on a card from here on."""
    made = Encoder(Towers(Mean(), PictureShape(4), (0.5,) * 3, (0.25,) * 3, letters, len, 8, (3, 2)), CPU)
    made.device = torch.device(device)
    made._to_device = lambda tensor: tensor  # type: ignore[method-assign]
    return made


def kind(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:40]}"


@pytest.mark.parametrize(
    ("step", "error"),
    [*(("encode", error) for error in BY_CTRANSLATE2), *((step, BY_CTRANSLATE2[4]) for step in STEPS)],
    ids=lambda value: value if isinstance(value, str) else kind(value),
)
def test_whisper_on_a_card_that_refuses_fails_while_loading(card: type[Card], step: str, error: Exception) -> None:
    card.refuses[step] = error
    with pytest.raises(DeviceFailed, match=str(error)[:30]) as failed:
        Whisper(files(), CUDA)
    assert failed.value.part == "speech"


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_card_that_refuses_later_is_not_the_videos_fault(card: type[Card], on_card: Whisper, step: str) -> None:
    card.refuses[step] = BY_CTRANSLATE2[0]
    with pytest.raises(DeviceFailed):
        on_card.transcribe([[mels(SHORT)]])


def test_the_same_text_on_either_device(on_card: Whisper) -> None:
    said = [[mels()], [mels(SHORT)]]
    assert on_card.transcribe(said) == Whisper(files(), CPU).transcribe(said)


def test_a_card_with_little_memory_hears_fewer_pieces_at_a_time(card: type[Card], on_card: Whisper) -> None:
    card.room = 1
    heard = on_card.transcribe([[mels(SHORT)]] * 3)
    assert on_card.batch == 1
    assert [one.text for [one] in heard] == [on_card.transcribe([[mels(SHORT)]])[0][0].text] * 3


def test_a_card_without_memory_for_one_piece_refuses(card: type[Card], on_card: Whisper) -> None:
    card.room = 0
    with pytest.raises(DeviceFailed, match="out of memory"):
        on_card.transcribe([[mels(SHORT)]] * 3)


@pytest.mark.parametrize("error", BY_TORCH, ids=kind)
@pytest.mark.parametrize("tower", ["encode_image", "encode_text"])
def test_towers_on_a_card_that_refuses(monkeypatch: pytest.MonkeyPatch, tower: str, error: Exception) -> None:
    on_card = encoder("cuda")

    def refuse(_batch: torch.Tensor) -> torch.Tensor:
        raise error

    monkeypatch.setattr(on_card.towers.model, tower, refuse)
    with pytest.raises(DeviceFailed) as failed:
        on_card.images(PICTURES) if tower == "encode_image" else on_card.texts(["a", "b"])
    assert failed.value.part == "towers"
    assert "\n" not in str(failed.value)


def test_a_card_that_has_no_room_for_the_towers_refuses_when_they_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")

    monkeypatch.setattr(Mean, "to", refuse)
    towers = Towers(Mean(), PictureShape(4), (0.5,) * 3, (0.25,) * 3, letters, len, 8, (3, 2))
    with pytest.raises(DeviceFailed, match="out of memory"):
        Encoder(towers, CUDA)


@pytest.mark.parametrize("error", [RuntimeError("shapes cannot be multiplied"), *BY_TORCH[:1], *BY_CTRANSLATE2[:1]])
def test_on_the_cpu_an_error_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)), on_device("cpu", "towers"):
        raise error


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), KeyboardInterrupt()])
def test_an_error_that_no_card_raises_is_passed_on(error: BaseException) -> None:
    with pytest.raises(type(error)), on_device("cuda", "towers"):
        raise error


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported", "CUDA error: out of memory"),
        (
            "CUDA out of memory. Tried to allocate 98.00 MiB. " + "GPU 0 has " * 20,
            "CUDA out of memory. Tried to allocate 98.00 MiB",
        ),
        ("x" * 500, "x" * 150),
        ("", "RuntimeError"),
    ],
)
def test_a_librarys_message_is_cut_at_a_sentence(said: str, told: str) -> None:
    with pytest.raises(DeviceFailed) as failed, on_device("cuda", "speech"):
        raise RuntimeError(said)
    assert str(failed.value) == told


def test_the_usual_refusals_come_with_advice() -> None:
    known: Sequence[str] = [advice(str(error)) for error in BY_CTRANSLATE2[:3]]
    assert "sorterd[cuda]" in known[0]
    assert "memory is full" in known[1]
    assert "driver" in known[2]
    assert advice("something new") == ""


def test_the_matrix_library_of_a_package_is_loaded_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda path, mode: loaded.append(f"{Path(path).name} {mode}"))
    monkeypatch.setattr(cublas, "folder_of", lambda _package: None)
    cublas.preload()
    assert loaded == []
    (tmp_path / "lib").mkdir()
    for name in ("libcublas.so.12", "libcublasLt.so.12", "libnvblas.so.12"):
        (tmp_path / "lib" / name).touch()
    monkeypatch.setattr(cublas, "folder_of", lambda _package: tmp_path)
    cublas.preload()
    assert loaded == [f"libcublasLt.so.12 {ctypes.RTLD_GLOBAL}", f"libcublas.so.12 {ctypes.RTLD_GLOBAL}"]


@pytest.mark.usefixtures("card")
def test_a_matrix_library_that_cannot_be_loaded_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libcublas.so.12").write_text("no library")
    monkeypatch.setattr(cublas, "folder_of", lambda _package: tmp_path)
    with pytest.raises(DeviceFailed, match="libcublas"):
        Whisper(files(), CUDA)
