"""On a real NVIDIA card; skipped without one. Tests that need no card are in test_device_failure."""

import ctypes
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from safetensors.torch import save_file
from support.films import mels

from sorterd.features.device_failure import DeviceFailed
from sorterd.features.encoder import Encoder
from sorterd.features.models import whisper
from sorterd.features.models.folder import load_checkpoint
from sorterd.features.packages import folder_of
from sorterd.features.speech import Whisper

pytestmark = [pytest.mark.card, pytest.mark.skipif(not torch.cuda.is_available(), reason="no NVIDIA card")]
CPU, CUDA = torch.device("cpu"), torch.device("cuda")


def has_cublas() -> bool:
    if folder_of("nvidia.cublas"):
        return True
    try:
        ctypes.CDLL("libcublas.so.12")
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "random.safetensors"
    save_file(open_clip.create_model("ViT-B-32-quickgelu").state_dict(), path)
    return path


def towers(checkpoint: Path, device: torch.device) -> Encoder:
    return Encoder(load_checkpoint("ViT-B-32-quickgelu", checkpoint, {}), device)


def test_the_same_picture_and_text_become_the_same_vectors(checkpoint: Path) -> None:
    pictures = list(np.random.default_rng(0).integers(0, 256, (23, 224, 224, 3), dtype=np.uint8))
    texts = ["a cat", "how to bake a chocolate cake with eggs, butter and a lot of sugar"]
    cpu, card = towers(checkpoint, CPU), towers(checkpoint, CUDA)
    assert (cpu.images(pictures) * card.images(pictures)).sum(1).min() > 0.9999
    assert (cpu.texts(texts) * card.texts(texts)).sum(1).min() > 0.9999


def test_the_same_sound_becomes_the_same_text() -> None:
    if not has_cublas():
        pytest.skip("no cuBLAS 12: pip install 'sorterd[cuda]'")
    said = [[mels()]] * 3
    [[cpu], *_], [[card], *_] = (Whisper(whisper.load(None), device).transcribe(said) for device in (CPU, CUDA))
    assert cpu.language == card.language
    assert SequenceMatcher(None, cpu.text, card.text, autojunk=False).ratio() > 0.95


def test_a_card_without_cublas_refuses_speech_when_it_is_loaded() -> None:
    if has_cublas():
        pytest.skip("cuBLAS 12 is here")
    with pytest.raises(DeviceFailed, match="libcublas"):
        Whisper(whisper.load(None), CUDA)


def test_a_card_that_is_full_takes_smaller_batches_or_refuses(checkpoint: Path) -> None:
    card = towers(checkpoint, CUDA)
    card.sizes["images"] = 200
    torch.cuda.set_per_process_memory_fraction(1e-6)
    short_of_memory = False
    try:
        card.images([np.zeros((224, 224, 3), np.uint8)] * 200)
    except DeviceFailed as failed:
        short_of_memory = failed.short_of_memory
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert short_of_memory or card.sizes["images"] < 200
