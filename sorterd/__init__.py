"""sorterd files saved short videos into the folders that their owner already has."""

from __future__ import annotations

__version__ = "0.1.0"
