"""The example config that comes with sorterd, wherever that is installed. `make_example` writes it."""

from __future__ import annotations

from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "config.example.yaml"
