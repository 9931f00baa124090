"""Install the sample library: clips made for this purpose and shipped with the package."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from sorterd.samples import SAMPLES

STATE = ".sorterd"


class NotADemo(Exception):
    """The folder holds files that are not from a demo. The message names one."""


@dataclass(frozen=True, slots=True)
class DemoLibrary:
    """An installed sample library. `filed` and `unsorted` count its clips."""

    folder: Path
    config: Path
    filed: int
    unsorted: int


def belongs() -> dict[str, str | None]:
    """Return the folder where a person would file each unsorted clip, by file name, None if it belongs to none."""
    expected: dict[str, str | None] = json.loads((SAMPLES / "expected.json").read_text())
    return expected


def install(folder: Path) -> DemoLibrary:
    """Put the sample library and a config into `folder`. An earlier demo there is replaced.

    Raise NotADemo, before anything is removed, if the folder holds a file that is not from a demo.
    """
    folder = folder.absolute()
    if folder.exists():
        _clear(folder)
    clips = sorted(SAMPLES.rglob("*.mp4"))
    for clip in clips:
        target = folder / clip.relative_to(SAMPLES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(clip, target)
    config = folder / STATE / "config.yaml"
    config.parent.mkdir(mode=0o700)
    config.write_text(
        "# The settings of the demo. Yours go into ~/.config/sorterd/config.yaml: see config.example.yaml.\n"
        "videos: ..\nstate_dir: state\nwatch:\n  settle_seconds: 1\ntrain:\n  debounce_seconds: 1\n"
        "features:\n  models: embedded\n"
    )
    unsorted = sum(clip.parent == SAMPLES for clip in clips)
    return DemoLibrary(folder, config, len(clips) - unsorted, unsorted)


def _clear(folder: Path) -> None:
    """Remove an earlier demo: its state, and files that have the content of a sample."""
    known = {clip.read_bytes() for clip in SAMPLES.rglob("*.mp4")}
    files = [path for path in folder.rglob("*") if not path.is_dir() and STATE not in path.relative_to(folder).parts]
    foreign = [path for path in files if path.is_symlink() or path.suffix != ".mp4" or path.read_bytes() not in known]
    if foreign:
        raise NotADemo(f"{folder} holds files that are not from a demo, such as {foreign[0].name}: name another folder")
    for path in files:
        path.unlink()
    if (folder / STATE).exists():
        shutil.rmtree(folder / STATE)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir()
