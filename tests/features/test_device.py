from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from sorterd.features import device


def test_without_a_gpu_everything_runs_on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert [device.choose(wanted).type for wanted in ("auto", "cuda", "cpu")] == ["cpu"] * 3


def test_a_gpu_is_used_unless_the_cpu_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert [device.choose(wanted).type for wanted in ("auto", "cuda", "cpu")] == ["cuda", "cuda", "cpu"]


def test_the_batch_is_found_from_free_memory_unless_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _device: (8 * 2**30, 16 * 2**30))
    assert device.batch_size(gpu, 3) == 3
    assert device.batch_size(gpu, None) == 64
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _device: (0, 16 * 2**30))
    assert device.batch_size(gpu, None) == 8


def test_batches_are_halved_until_they_fit_and_nothing_is_lost() -> None:
    sizes: list[int] = []

    def run(first: int, end: int) -> NDArray[np.float32]:
        sizes.append(end - first)
        if end - first > 3:
            raise torch.OutOfMemoryError
        return np.arange(first, end, dtype=np.float32)[:, None]

    rows, size = device.in_batches(run, 10, 8)
    assert rows[:, 0].tolist() == list(range(10))
    assert size == 2
    assert sizes == [8, 4, 2, 2, 2, 2, 2]


def test_when_not_even_one_fits_the_error_is_passed_on() -> None:
    def run(_first: int, _end: int) -> NDArray[np.float32]:
        raise torch.OutOfMemoryError

    with pytest.raises(torch.OutOfMemoryError):
        device.in_batches(run, 10, 8)


@pytest.mark.parametrize(
    ("processor", "kind", "precision"),
    [
        ("flags : fpu avx512f avx512_bf16 clzero", "cpu", torch.bfloat16),
        ("flags : fpu amx_bf16", "cpu", torch.bfloat16),
        ("flags : fpu avx2 avx512f", "cpu", torch.float32),  # bf16 would be emulated: several times slower
        (None, "cpu", torch.float32),  # not Linux
        ("flags : fpu avx512_bf16", "cuda", torch.float32),  # the GPU halves it by itself, its CPU fallback must not
    ],
)
def test_half_precision_is_for_processors_that_have_units_for_it(
    processor: str | None, kind: str, precision: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if processor:
        (tmp_path / "cpuinfo").write_text(processor)
    monkeypatch.setattr(device, "PROCESSOR", tmp_path / "cpuinfo")
    assert device.image_precision(torch.device(kind)) == precision
