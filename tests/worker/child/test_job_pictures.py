"""A real, confined worker draws pictures of real videos without loading a model."""

import os
import queue
from pathlib import Path

from sorterd.features.settings import FeatureSettings
from sorterd.pictures import webp
from sorterd.samples import SAMPLES
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Item, Pictures
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import JobDone, Pictured, PicturesFailed, Report, Started

MODELS = ("libtorch", "libctranslate2", "onnxruntime")


def test_it_draws_what_it_can_read_and_loads_no_models(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_bytes(b"no video at all")
    paths = [SAMPLES / "cats" / "tabby-on-the-rug.mp4", tmp_path / "text.mp4", tmp_path / "gone.mp4"]
    reports: queue.Queue[Report | WorkerLost] = queue.Queue()
    worker = Worker(
        lambda: Setup(FeatureSettings(models="embedded"), os.fsencode(tmp_path / "artifacts"), pictures=True),
        report=reports.put,
        item_timeout=60.0,
        start_timeout=60.0,
        idle_unload=60.0,
    )
    try:
        worker.submit(Pictures(1, tuple(Item(path.stem, os.fsencode(path)) for path in paths)))
        found = [reports.get(timeout=60) for _ in range(7)]
        mapped = Path(f"/proc/{worker.pid}/maps")
        loaded = mapped.read_text() if mapped.exists() else ""  # not on macOS
        assert not worker.has_models
    finally:
        worker.stop()
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
