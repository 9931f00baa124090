"""Make the sample library again: `python -m tools.make_samples sorterd/samples`.

It needs espeak-ng for the voices and Pillow for the pictures. The clips contain no picture, voice or sound of anybody
else. The path of each clip seeds its random numbers, so a new clip changes no other. In each folder `variant` counts
up, so that coats, faces, rooms and voices are equally frequent in every folder and none gives a folder away.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections import Counter
from pathlib import Path

import numpy as np

from tools.make_samples.catalogue import CLIPS, Clip
from tools.make_samples.encode import FRAMES_PER_SECOND, write_clip
from tools.make_samples.scenes import SCENES
from tools.make_samples.speech import RATE, Sound, hum, speak, surf

VOICES = ("en-us", "en-gb", "en-us+f3", "en-us+m3", "en-gb+f2", "en-us+f4")


def main(target: Path) -> None:
    """Write all clips under `target`, and `expected.json` with the folder that each inbox clip belongs to."""
    drawn: Counter[tuple[str, str | None]] = Counter()
    for clip in CLIPS:
        random = np.random.default_rng(zlib.crc32(clip.path.encode()))
        variant = drawn[clip.scene, clip.belongs]
        drawn[clip.scene, clip.belongs] += 1
        sound = _sound(clip, random, variant)
        seconds = 4.5 if sound is None else sound.size / RATE
        scene = SCENES[clip.scene](random, variant)
        pictures = (scene(number / FRAMES_PER_SECOND) for number in range(round(seconds * FRAMES_PER_SECOND)))
        write_clip(target / clip.path, pictures, sound)
        print(f"{(target / clip.path).stat().st_size / 1000:6.1f} kB  {seconds:4.1f} s  {clip.path}")
    expected = {clip.path: clip.belongs for clip in CLIPS if "/" not in clip.path}
    (target / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


def _sound(clip: Clip, random: np.random.Generator, variant: int) -> Sound | None:
    if clip.says:
        pace, pitch = int(random.integers(142, 160)), int(random.integers(38, 60))
        return speak(clip.says, VOICES[variant % len(VOICES)], pace, pitch)
    noise = {"surf": surf, "hum": hum}.get(clip.noise)
    return noise(5.0, random) if noise else None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
