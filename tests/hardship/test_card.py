"""A plain installation on a machine with an NVIDIA card, from the first look to the last move, with real models."""

import shutil
import sys
from functools import partial
from pathlib import Path

import pytest

from sorterd.activity import Activity, Fault
from sorterd.config import Config, FeaturesConfig
from sorterd.daemon.app import RunOptions, open_app
from sorterd.doctor import worker as doctor
from sorterd.doctor.worker import judge_placement, judge_trial, try_worker
from sorterd.features.settings import FeatureSettings
from sorterd.samples import SAMPLES
from sorterd.worker.host.supervisor import Worker

WORKER = (sys.executable, str(Path(__file__).with_name("worker_without_cublas.py")))


def test_speech_goes_on_on_the_processor_and_no_video_is_blamed(tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    for clip in ("money/*.mp4", "cats/*.mp4"):
        for path in sorted(SAMPLES.glob(clip))[:2]:
            (videos / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, videos / path.parent.name / path.name)
    config = Config(videos=videos, state_dir=tmp_path / "state", features=FeaturesConfig(models="embedded"))
    config.state_dir.mkdir()
    told: list[Activity] = []
    with open_app(config, RunOptions(at_once=True, worker=WORKER), told.append, lambda _line: None) as app:
        app.loop.run(until_idle=True)
        assert app.store.features.failures() == []
        assert app.loop.pipeline.progress.done == 4
        assert app.loop.problems == []
        assert app.loop.pipeline.card.devices == {"pictures": "cpu", "words": "cpu", "speech": "cpu"}
        space = app.loop.pipeline.space
        assert space is not None
        assert app.store.features.spoken(space.id)
    [trouble] = [activity for activity in told if isinstance(activity, Fault)]
    assert trouble.reason.startswith("speech on the processor until the next start: ")
    assert "pip install 'sorterd[cuda]'" in trouble.reason


def test_the_doctor_says_what_is_missing_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "Worker", partial(Worker, command=WORKER))
    clip = sorted((SAMPLES / "money").glob("*.mp4"))[0]
    trial = try_worker(FeatureSettings(models="embedded"), clip, item_seconds=60.0, models=True)
    assert judge_trial(trial).level == "ok"
    [refused, rest] = judge_placement(trial)
    assert (refused.level, refused.remedy) == ("warning", "pip install 'sorterd[cuda]' brings what is missing")
    assert "libcublas.so.12" in refused.says
    assert rest.says == "all models on the processor"
