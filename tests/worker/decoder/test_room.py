import os
import sys
from pathlib import Path

import pytest

from sorterd.worker.decoder import room
from sorterd.worker.decoder.room import decoders_for, decoders_here

GIB = 2**30


@pytest.mark.parametrize(
    ("cores", "memory", "decoders"),
    [
        (1, 8, 0),
        (2, 16, 0),
        (3, 16, 0),
        (4, 3.8, 0),
        (4, 4, 2),
        (4, 64, 2),
        (8, 15.5, 4),
        (8, 6, 3),
        (16, 128, 8),
        (64, 512, 8),
    ],
)
def test_cores_and_memory_limit_them_and_small_machines_have_none(cores: int, memory: float, decoders: int) -> None:
    assert decoders_for(cores, memory * GIB) == decoders


@pytest.mark.skipif(sys.platform != "linux", reason="Linux has control groups")
@pytest.mark.parametrize(
    ("limits", "decoders"),
    [
        ({}, 8),
        ({"cpu.max": "max 100000", "memory.max": "max"}, 8),
        ({"cpu.max": "400000 100000"}, 2),
        ({"memory.max": str(7 * GIB)}, 3),
        ({"user.slice/cpu.max": "150000 100000"}, 0),
        ({"user.slice/sorterd.service/memory.max": str(1 * GIB)}, 0),
        ({"other.slice/memory.max": str(1 * GIB)}, 8),
        ({"memory.max": "nonsense"}, 8),
    ],
)
def test_the_limits_of_a_container_or_a_unit_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, str], decoders: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(16)))
    monkeypatch.setattr(os, "sysconf", lambda name: 4096 if name == "SC_PAGE_SIZE" else 128 * GIB // 4096)
    monkeypatch.setattr(room, "CGROUPS", tmp_path)
    monkeypatch.setattr(room, "OWN_GROUP", tmp_path / "own")
    (tmp_path / "own").write_text("0::/user.slice/sorterd.service\n")
    for name, text in limits.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert decoders_here() == decoders
