from pathlib import Path

import pytest
import torch

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
