"""The whole path: a real worker process, the packaged models, real files, from the first job to a prediction."""

import os
import queue
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from sorterd.features.settings import FeatureSettings
from sorterd.pictures import webp
from sorterd.prediction import Prediction
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Describe, Extract, FeatureRow, Item, Job, Predict, Train
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import (
    Described,
    Extracted,
    ExtractFailed,
    JobDone,
    JobFailed,
    Predicted,
    Report,
    Started,
    Trained,
)

STEPS = (Started, Extracted, ExtractFailed)


class Daemon:
    """Gives jobs to one worker and keeps its answers."""

    def __init__(self, folder: Path) -> None:
        self.reports: queue.Queue[Report | WorkerLost] = queue.Queue()
        self.worker = Worker(
            lambda: Setup(FeatureSettings(models="embedded", device="cpu"), bytes(folder), pictures=True),
            report=self.reports.put,
            item_timeout=120,
            start_timeout=300,
            idle_unload=300,
        )

    def do(self, job: Job) -> list[Report | WorkerLost]:
        self.worker.submit(job)
        return self.rest()

    def rest(self) -> list[Report | WorkerLost]:
        reports = [self.reports.get(timeout=300)]
        while isinstance(reports[-1], STEPS):
            reports.append(self.reports.get(timeout=300))
        return reports


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Yield one worker for all tests here, because loading the models takes long."""
    daemon = Daemon(tmp_path_factory.mktemp("artifacts"))
    yield daemon
    daemon.worker.stop()


@pytest.fixture(scope="module")
def described(daemon: Daemon) -> Described:
    (described,) = daemon.do(Describe(1))
    assert isinstance(described, Described)
    return described


def clip(path: Path, seed: int, stripes: bool = False) -> Item:
    """Write a second of one colour with some noise, or of stripes."""
    random = np.random.default_rng(seed)
    picture = np.full((64, 96, 3), random.integers(0, 200, 3, np.uint8), np.uint8)
    if stripes:
        picture[:, :: random.integers(4, 7)] = 255
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for _ in range(10):
            noisy = picture | random.integers(0, 20, picture.shape, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, format="rgb24")))
        out.mux(stream.encode(None))
    return Item(path.name, bytes(path))


def test_videos_become_vectors_a_model_and_predictions(daemon: Daemon, described: Described, tmp_path: Path) -> None:
    items = [clip(tmp_path / f"{n}.mp4", n, stripes=n >= 4) for n in range(8)]
    reports = daemon.do(Extract(2, tuple(items), described.space))
    assert reports[-1] == JobDone(2)
    extracted = [report for report in reports if isinstance(report, Extracted)]
    assert sorted(report.fingerprint for report in extracted) == sorted(item.fingerprint for item in items)
    for report in extracted:
        vector = np.frombuffer(report.vector, "<f4")
        assert vector.shape == (sum(modality.width for modality in described.modalities),)
        assert np.linalg.norm(vector[: described.modalities[0].width]) == pytest.approx(1, abs=1e-3)
        assert (report.audio, report.transcript, report.seconds > 0) == ("none", "", True)
        assert webp.plain_size(report.poster) == (320, 213)

    labels = {item.fingerprint: "plain" if n < 4 else "stripes" for n, item in enumerate(items)}
    rows = tuple(
        FeatureRow(report.fingerprint, report.fingerprint, report.vector, labels[report.fingerprint])
        for report in extracted
    )
    job = Train(
        job=3,
        labelled=rows,
        unlabeled=(),
        rejected=(),
        categories=("plain", "stripes", "empty"),
        space=described.space,
        feature_space=described.space,
        modalities=described.modalities,
        candidates=("logreg",),
        min_per_category=1,
        now=1_700_000_000.0,
        threshold=0.85,
    )
    (trained,) = daemon.do(job)
    assert isinstance(trained, Trained)
    assert trained.swapped
    (predicted,) = daemon.do(Predict(4, rows, 3, 0.85, "2023-11-14T22:13:20+00:00"))
    assert isinstance(predicted, Predicted)
    assert {video: guess.folder for video, guess in predicted.predictions} == labels


def test_three_runs_on_the_same_library_decide_the_same_whatever_waits(daemon: Daemon, described: Described) -> None:
    """Each run has the library in another order, another inbox during training, and other batches."""
    random = np.random.default_rng(7)
    width = sum(modality.width for modality in described.modalities)
    centres = random.normal(size=(3, width))

    def video(n: int, folder: str) -> FeatureRow:
        vector = centres[n % 3] + 0.8 * random.normal(size=width)
        return FeatureRow(f"{folder}{n}", f"{folder}/{n}.mp4", vector.astype("<f4").tobytes(), folder)

    library = [video(n, f"folder{n % 3}") for n in range(24)]
    waiting = [video(n, "") for n in range(70)]
    decided = []
    for run in range(3):
        turned = [library[i] for i in random.permutation(len(library))]
        job = Train(
            job=40 + run,
            labelled=tuple(turned),
            unlabeled=tuple(waiting[: 35 * run]),
            rejected=(waiting[0],),
            categories=("folder0", "folder1", "folder2"),
            space=described.space,
            feature_space=described.space,
            modalities=described.modalities,
            candidates=("prototypes", "logreg", "knn"),
            min_per_category=1,
            now=1_700_000_000.0 + run,
            threshold=0.85,
        )
        (trained,) = daemon.do(job)
        assert isinstance(trained, Trained)
        predictions: dict[str, Prediction] = {}
        order = [waiting[i] for i in random.permutation(len(waiting))]
        for start in range(0, len(order), 70 - 33 * run):
            (said,) = daemon.do(Predict(50, tuple(order[start : start + 70 - 33 * run]), 3, 0.85))
            assert isinstance(said, Predicted)
            predictions |= dict(said.predictions)
        decided.append(predictions)
    assert decided[0] == decided[1] == decided[2]
    assert 0 < sum(guess.move for guess in decided[0].values()) < len(waiting)


def test_a_file_that_is_no_video_costs_no_other_file(daemon: Daemon, described: Described, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a video")
    odd = os.fsencode(tmp_path) + b"/\xff\n.mp4"
    clip(tmp_path / "fine.mp4", 9)
    os.rename(tmp_path / "fine.mp4", odd)  # noqa: PTH104
    items = (Item("text", bytes(tmp_path / "text.mp4")), Item("gone", bytes(tmp_path / "gone.mp4")), Item("odd", odd))
    reports = daemon.do(Extract(5, items, described.space))
    results = {report.fingerprint: report for report in reports if isinstance(report, ExtractFailed | Extracted)}
    assert isinstance(results["odd"], Extracted)
    text, gone = results["text"], results["gone"]
    assert isinstance(text, ExtractFailed)
    assert not text.transient
    assert isinstance(gone, ExtractFailed)
    assert gone.transient


def test_features_of_another_space_are_not_made(daemon: Daemon, described: Described) -> None:
    (failed,) = daemon.do(Extract(6, (), "clip-0123"))
    assert failed == JobFailed(6, f"the models at hand make features of {described.space}, not of clip-0123")


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux'")
@pytest.mark.usefixtures("described")
def test_with_its_models_loaded_the_worker_has_no_network(daemon: Daemon) -> None:
    status = Path(f"/proc/{daemon.worker.pid}/status").read_text()
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status


def test_a_killed_worker_names_the_videos_in_flight(daemon: Daemon, described: Described, tmp_path: Path) -> None:
    """The last test: the models are gone with the worker."""
    items = tuple(clip(tmp_path / f"{n}.mp4", n) for n in range(6))
    pid = daemon.worker.pid
    assert pid is not None
    restarts = daemon.worker.restarts
    os.kill(pid, signal.SIGSTOP)  # so that it cannot finish before it is killed
    daemon.worker.submit(Extract(7, items, described.space))
    os.kill(pid, signal.SIGKILL)
    assert daemon.rest() == [WorkerLost(7, (), "was killed, probably out of memory")]
    assert daemon.worker.restarts == restarts + 1
