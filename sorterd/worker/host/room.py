"""How much work a worker takes at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """How many jobs a worker takes at a time: one under way, and others that wait for it.

    `bytes` is the size up to which it takes a video, None for any size.
    """

    jobs: int
    bytes: int | None = None
