"""How many decoders this machine has room for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MOST = 8
CORES_EACH = 2
"""The other core is for the models."""
MEMORY_EACH = 2**31
"""Bytes of the machine's memory for each. A decoder takes 80 MB, and up to 400 more for a large picture."""

CGROUPS = Path("/sys/fs/cgroup")
OWN_GROUP = Path("/proc/self/cgroup")


def decoders_for(cores: float, memory: float) -> int:
    """Return how many decoders a machine with this many cores and bytes of memory has room for.

    Return 0 for a machine on which threads of the worker do as well and take less memory.
    """
    count = int(min(MOST, cores // CORES_EACH, memory // MEMORY_EACH))
    return count if count > 1 else 0


def decoders_here() -> int:
    """Return the same for this machine, or for the part of it that a container or a unit leaves to this process."""
    cores: list[float] = [len(os.sched_getaffinity(0))]
    memory: list[float] = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for group in _groups():
        with suppress(OSError, ValueError):  # no such limit here
            memory.append(int((group / "memory.max").read_text()))
        with suppress(OSError, ValueError):
            quota, period = (group / "cpu.max").read_text().split()
            cores.append(int(quota) / int(period))
    return decoders_for(min(cores), min(memory))


def _groups() -> Iterator[Path]:
    """Yield the control group of this process and those around it (cgroups, version 2)."""
    with suppress(OSError, UnicodeDecodeError):
        for line in OWN_GROUP.read_text().splitlines():
            if line.startswith("0::/"):
                own = CGROUPS / line[len("0::/") :]
                yield own
                yield from (folder for folder in own.parents if folder.is_relative_to(CGROUPS))
