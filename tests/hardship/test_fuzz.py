"""Damaged clips through the decoder, in a process with the worker's limits that may die of it."""

import random
import subprocess
import sys
from pathlib import Path

from sorterd.samples import SAMPLES
from torture.mutations import MUTATIONS

VARIANTS = 30
DECODE = """
import os, sys
from sorterd.features.clip import read_clip
from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import PictureShape
from sorterd.worker.sandbox import limits

limits.apply()
for path in sys.argv[1:]:
    try:
        read_clip(os.fsencode(path), 5, PictureShape(224), sound=True)
    except UnreadableVideo as error:
        assert error.reason
    print("through", flush=True)
"""


def test_damaged_clips_are_read_or_refused_and_never_break_the_decoder(tmp_path: Path) -> None:
    rng = random.Random(7)
    clips = sorted(SAMPLES.rglob("*.mp4"))
    paths = []
    for number in range(VARIANTS):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(MUTATIONS[number % len(MUTATIONS)](rng.choice(clips).read_bytes(), rng))
        paths.append(str(path))
    said = subprocess.run(
        [sys.executable, "-c", DECODE, *paths], capture_output=True, text=True, timeout=100, check=False
    )
    assert said.returncode == 0, said.stderr[-500:]
    assert said.stdout.count("through") == VARIANTS
