import os
import resource
from pathlib import Path

from support.films import film

from sorterd.features.clip import read_clip
from sorterd.features.picture import PictureShape


def test_reading_many_files_does_not_use_up_memory(tmp_path: Path) -> None:
    path = os.fsencode(film(tmp_path / "a.mp4", size=(320, 240), keyframes=5, sound="sine"))

    def read(times: int) -> int:
        for _ in range(times):
            read_clip(path, 5, PictureShape(224), sound=True)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = read(30)
    assert read(200) - before < 15_000  # KiB: less than one clip in twenty is left behind
