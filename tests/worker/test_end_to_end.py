"""The whole path: a real worker process, the packaged models, real files, from the first job to a prediction."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from support.films import film
from support.one_worker import OneWorker

from sorterd.pictures import webp
from sorterd.prediction import Prediction
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Describe, Extract, FeatureRow, Item, Predict
from sorterd.worker.report_messages import Described, Extracted, ExtractFailed, JobDone, Predicted, Trained
from worker.child.bench import training


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneWorker]:
    """Yield one worker for all tests here, because loading the models takes long."""
    with OneWorker(tmp_path_factory.mktemp("artifacts")) as daemon:
        yield daemon


@pytest.fixture(scope="module")
def described(daemon: OneWorker) -> Described:
    (described,) = daemon.do(Describe(1))
    assert isinstance(described, Described)
    return described


def of_this_space(described: Described) -> dict[str, object]:
    """What a training says of the vectors."""
    return {"space": described.space, "feature_space": described.space, "modalities": described.modalities}


def test_videos_become_vectors_a_model_and_predictions(daemon: OneWorker, described: Described, tmp_path: Path) -> None:
    warm, cold = [(200, 30, 30), (220, 120, 40)], [(20, 40, 200), (40, 200, 220)]
    videos = {str(n): film(tmp_path / f"{n}.mp4", seconds=0.5, colours=cold if n % 2 else warm) for n in range(8)}
    videos["0"] = videos["0"].rename(tmp_path / "\udcff\n.mp4")
    (tmp_path / "text.mp4").write_text("not a video")
    others = {"text": tmp_path / "text.mp4", "gone": tmp_path / "gone.mp4"}
    items = [Item(name, os.fsencode(path)) for name, path in (videos | others).items()]
    reports = daemon.do(Extract(2, tuple(items), described.space))
    assert reports[-1] == JobDone(2)
    failed = {report.fingerprint: report.transient for report in reports if isinstance(report, ExtractFailed)}
    assert failed == {"text": False, "gone": True}
    extracted = {report.fingerprint: report for report in reports if isinstance(report, Extracted)}
    assert extracted.keys() == videos.keys()
    for report in extracted.values():
        vector = np.frombuffer(report.vector, "<f4")
        assert vector.shape == (sum(modality.width for modality in described.modalities),)
        assert np.linalg.norm(vector[: described.modalities[0].width]) == pytest.approx(1, abs=1e-3)
        assert (report.audio, report.transcript, report.seconds > 0) == ("none", "", True)
        assert webp.plain_size(report.poster) == (320, 213)

    labels = {name: "cold" if int(name) % 2 else "warm" for name in videos}
    rows = tuple(FeatureRow(name, name, extracted[name].vector, label) for name, label in labels.items())
    (trained,) = daemon.do(training(rows, categories=("cold", "warm", "empty"), **of_this_space(described)))
    assert isinstance(trained, Trained)
    assert trained.swapped
    (predicted,) = daemon.do(Predict(4, rows, 3, 0.85, "2023-11-14T22:13:20+00:00"))
    assert isinstance(predicted, Predicted)
    assert {video: guess.folder for video, guess in predicted.predictions} == labels


def test_three_runs_on_the_same_library_decide_the_same_whatever_waits(daemon: OneWorker, described: Described) -> None:
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
        job = training(
            tuple(library[i] for i in random.permutation(len(library))),
            unlabeled=tuple(waiting[: 35 * run]),
            rejected=(waiting[0],),
            categories=("folder0", "folder1", "folder2"),
            candidates=("prototypes", "logreg", "knn"),
            now=1_700_000_000.0 + run,
            threshold=0.85,
            **of_this_space(described),
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


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux'")
@pytest.mark.usefixtures("described")
def test_with_its_models_loaded_the_worker_has_no_network(daemon: OneWorker) -> None:
    status = Path(f"/proc/{daemon.worker.pid}/status").read_text()
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status


def test_a_worker_that_is_killed_before_it_begins_with_a_video_blames_none(
    daemon: OneWorker, described: Described, tmp_path: Path
) -> None:
    """The last test: the models are gone with the worker."""
    pid = daemon.worker.pid
    assert pid is not None
    restarts = daemon.worker.restarts
    os.kill(pid, signal.SIGSTOP)  # so that it cannot finish before it is killed
    daemon.worker.submit(Extract(7, (Item("a", os.fsencode(film(tmp_path / "a.mp4"))),), described.space))
    os.kill(pid, signal.SIGKILL)
    assert daemon.rest() == [WorkerLost(7, (), "was killed, probably out of memory")]
    assert daemon.worker.restarts == restarts + 1
