"""The same library gives the same decisions: whatever came first, in however many runs, with a fresh state folder."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from support.service import sorterd

from sorterd.samples import SAMPLES

FOLDERS = ("beach", "cats", "city nights")
ARRIVALS = ("cat-at-home", "downtown", "kick-off", "midfield", "snow-train", "sunday-by-the-sea", "waves")


def decided(place: Path, filed: Sequence[Path], lots: Sequence[Sequence[str]]) -> dict[str, tuple[str, float]]:
    """Return where each arrival lies in the end, with the confidence in its best folder if it waits.

    The videos are copied one after the other, each a minute older than the one before. The service runs once over each
    lot of arrivals.
    """
    videos, config = place / "videos", place / "config.yaml"
    videos.mkdir(parents=True)
    config.write_text("videos: videos\nstate_dir: state\nfeatures: {models: embedded, whisper: 'off'}\n")
    copied = 0

    def copy(clip: Path) -> None:
        nonlocal copied
        copied += 1
        target = videos / clip.relative_to(SAMPLES)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(clip, target)
        os.utime(target, (1_700_000_000 - 60 * copied,) * 2)

    for clip in filed:
        copy(clip)
    for lot in lots:
        for name in lot:
            copy(SAMPLES / f"{name}.mp4")
        done = sorterd(config, "run", "--once")
        assert done.returncode == 0, done.stdout + done.stderr
    waiting = json.loads((place / "state" / "artifacts" / "predictions.json").read_text())
    sure = {Path(one["video"]).stem: one["confidence"] for one in waiting}
    return {name: (next(videos.rglob(f"{name}.mp4")).parent.name, round(sure.get(name, 1.0), 6)) for name in ARRIVALS}


def test_two_fresh_states_on_copies_of_one_library_decide_the_same(tmp_path: Path) -> None:
    filed = [clip for folder in FOLDERS for clip in sorted((SAMPLES / folder).iterdir())]
    at_once = decided(tmp_path / "one", filed, [ARRIVALS])
    backwards_in_lots = decided(tmp_path / "two", filed[::-1], [ARRIVALS[:3:-1], ARRIVALS[3::-1]])
    assert at_once == backwards_in_lots
    assert {folder for folder, _ in at_once.values()} > {"videos"}, "some were moved and some wait"
