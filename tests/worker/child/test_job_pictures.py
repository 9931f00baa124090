"""A real, confined worker draws pictures of real videos without loading a model."""

import os
from pathlib import Path

from support.one_worker import OneWorker

from sorterd.pictures import webp
from sorterd.samples import SAMPLES
from sorterd.worker.job_messages import Item, Pictures
from sorterd.worker.report_messages import JobDone, Pictured, PicturesFailed, Started

MODELS = ("libtorch", "libctranslate2", "onnxruntime")


def test_it_draws_what_it_can_read_and_loads_no_models(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_bytes(b"no video at all")
    paths = [SAMPLES / "cats" / "tabby-on-the-rug.mp4", tmp_path / "text.mp4", tmp_path / "gone.mp4"]
    with OneWorker(tmp_path / "artifacts") as daemon:
        found = daemon.do(Pictures(1, tuple(Item(path.stem, os.fsencode(path)) for path in paths)))
        mapped = Path(f"/proc/{daemon.worker.pid}/maps")
        loaded = mapped.read_text() if mapped.exists() else ""  # not on macOS
        assert not daemon.worker.has_models
    assert [type(report) for report in found] == [
        *(Started, Pictured, Started, PicturesFailed, Started, PicturesFailed, JobDone)
    ]
    drawn, text, gone = found[1], found[3], found[5]
    assert isinstance(drawn, Pictured)
    assert (webp.plain_size(drawn.poster), webp.plain_size(drawn.strip)) == ((180, 320), (450, 160))
    assert isinstance(text, PicturesFailed)
    assert isinstance(gone, PicturesFailed)
    assert (text.transient, gone.transient) == (False, True)
    assert not any(name in loaded for name in MODELS)
