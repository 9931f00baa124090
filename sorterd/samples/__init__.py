"""Small clips, drawn and spoken for this purpose: what the demo sorts and the doctor tries."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).parent
