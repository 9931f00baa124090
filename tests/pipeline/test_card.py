"""A graphics card that refuses, or ends the worker: the work goes on on the processor, and no video is to blame."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from support.running import Running, Words
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.features.settings import FeatureSettings, Placement
from sorterd.pipeline.card import PAYS, Card
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Describe, Export, Extract, Job
from sorterd.worker.report_messages import DeviceRefused, Placed

LIBRARY = {"cats": {"c1.mp4": b"cat 1", "c2.mp4": b"cat 2"}, "dogs": {"d1.mp4": b"dog 1"}, "new.mp4": b"cat 3"}
NO_CUBLAS = "Library libcublas.so.12 is not found or cannot be loaded"


@dataclass(slots=True)
class OnCard(Words):
    """A worker with a card, which does what `trouble` says in each job that it is used for, as long as it is used."""

    trouble: Any = None
    running: Any = None
    told: FeatureSettings = field(default_factory=FeatureSettings)
    children: int = 1
    has_models: bool = False

    def unload(self) -> None:
        self.children += 1

    def submit(self, job: Job) -> None:
        assert isinstance(self.running, Running)
        self.has_models = True
        if self.children > len(self.seen):
            self.seen.append(self.running.loop.pipeline.card.spare(FeatureSettings()))
        settings = self.seen[-1]
        place = Placement(*("cpu" if part in settings.on_cpu else "cuda" for part in ("towers", "speech")))
        if isinstance(job, Describe | Extract) and place.on_card:
            self.report(Placed(job.job, place.towers, place.speech))
            answer = self.trouble(job, place)
            if answer is not None:
                self.jobs.append(job)
                self.report(answer)
                return
        Words.submit(self, job)

    seen: list[FeatureSettings] = field(default_factory=list)


def on_card(workspace: Workspace, trouble: Any) -> Running:
    workspace.lay_out(LIBRARY)
    worker = OnCard(workspace.clock, trouble=trouble)
    running = Running(workspace, worker)
    worker.running = running
    running.loop.pipeline.card.present = False  # as if the settings wanted it always
    return running


def troubles(running: Running) -> list[str]:
    return [activity.reason for activity in running.told if isinstance(activity, Fault)]


def on_cpu(running: Running) -> list[tuple[str, ...]]:
    """Return what was told to stay on the processor, for each child."""
    worker = running.worker
    assert isinstance(worker, OnCard)
    return [settings.on_cpu for settings in worker.seen]


def refuses(part: str, stage: type[Job]) -> Any:
    def trouble(job: Job, place: Placement) -> DeviceRefused | None:
        if part in place.on_card and isinstance(job, stage):
            return DeviceRefused(job.job, part, NO_CUBLAS)
        return None

    return trouble


@pytest.mark.parametrize("stage", [Describe, Extract])
def test_speech_that_the_card_refuses_runs_on_the_processor_instead(workspace: Workspace, stage: type[Job]) -> None:
    running = on_card(workspace, refuses("speech", stage))
    running.run()
    assert on_cpu(running) == [(), ("speech",)]
    assert workspace.known()["cats/new.mp4"] == "auto"
    assert workspace.store.features.failures() == []
    assert running.loop.problems == []
    [said] = troubles(running)
    assert said.startswith("speech on the processor until the next start: the graphics card refused: Library libcublas")
    assert "pip install 'sorterd[cuda]'" in said
    card = running.loop.pipeline.card
    assert card.troubles == (said,)
    assert card.devices == {"pictures": "cuda", "words": "cuda", "speech": "cpu"}


def test_one_part_after_the_other_may_be_refused(workspace: Workspace) -> None:
    def trouble(job: Job, place: Placement) -> DeviceRefused:
        return DeviceRefused(job.job, place.on_card[-1], "CUDA failed with error out of memory")

    running = on_card(workspace, trouble)
    running.run()
    assert on_cpu(running) == [(), ("speech",), ("speech", "towers")]
    assert workspace.known()["cats/new.mp4"] == "auto"
    assert len(troubles(running)) == 2


@pytest.mark.parametrize("stage", [Describe, Extract])
@pytest.mark.parametrize("reason", ["crashed (SIGSEGV)", "crashed (SIGABRT): terminate called", "gave no sign of life"])
def test_a_worker_that_dies_on_its_first_card_uses_none(workspace: Workspace, stage: type[Job], reason: str) -> None:
    def trouble(job: Job, _place: Placement) -> WorkerLost | None:
        if not isinstance(job, stage):
            return None
        return WorkerLost(job.job, tuple(item.fingerprint for item in getattr(job, "items", ())), reason)

    running = on_card(workspace, trouble)
    running.run()
    assert workspace.known()["cats/new.mp4"] == "auto"
    assert workspace.store.features.failures() == []
    [said] = troubles(running)
    assert reason in said
    assert running.worker.count(stage) == 2  # not each video by itself


def test_on_a_card_that_works_a_video_that_ends_the_worker_is_to_blame(workspace: Workspace) -> None:
    running = on_card(workspace, lambda _job, _place: None)
    running.run()
    workspace.lay_out({"bad.mp4": b"bad 1"})
    running.worker.deadly = {b"bad 1"}
    running.run()
    assert [failure.path for failure in workspace.store.features.failures()] == ["bad.mp4"]
    assert running.loop.pipeline.card.troubles == ()


def test_a_worker_that_blames_a_part_that_is_not_on_the_card_any_more_is_a_failed_stage(workspace: Workspace) -> None:
    running = on_card(workspace, lambda job, _place: DeviceRefused(job.job, "speech", "again"))
    running.run()
    assert len(troubles(running)) < 10
    assert running.loop.problems


def test_a_new_start_asks_the_card_again(workspace: Workspace) -> None:
    running = on_card(workspace, refuses("speech", Extract))
    running.run()
    running.start()
    assert running.loop.pipeline.card.spare(FeatureSettings()).on_cpu == ()


@dataclass(slots=True)
class Waiting:
    """What `start_if_it_pays` and `spare` say for jobs with so many videos waiting, one after the other."""

    card: Card = field(default_factory=lambda: Card(lambda _activity: None, present=True))
    settings: FeatureSettings = field(default_factory=FeatureSettings)
    models_loaded: bool = False

    def job(self, videos: int) -> str:
        before, loaded = self.card.started, self.models_loaded
        self.card.start_if_it_pays(self.settings, videos, models_loaded=loaded)
        again = loaded and self.card.started and not before
        self.models_loaded = True
        where = "processor" if self.card.spare(self.settings).on_cpu == ("speech", "towers") else "card"
        return f"{where}, loaded again" if again else where


def test_a_few_videos_do_not_start_the_card_and_many_do() -> None:
    waiting = Waiting()
    assert [waiting.job(videos) for videos in (0, 1, PAYS - 1)] == ["processor"] * 3
    assert [waiting.job(videos) for videos in (PAYS, 1000)] == ["card, loaded again", "card"]
    assert [waiting.job(videos) for videos in (10, 0)] == ["card"] * 2  # it has been started
    waiting.models_loaded = False  # ended after a while without work
    assert waiting.job(1) == "processor"
    waiting.models_loaded = False
    assert waiting.job(PAYS) == "card"


def test_a_card_that_is_asked_for_by_name_is_always_used_and_so_is_what_may_not_be_one() -> None:
    assert Waiting(settings=FeatureSettings(device="cuda")).job(1) == "card"
    nothing_there = Waiting(card=Card(lambda _activity: None, present=False))
    assert [nothing_there.job(videos) for videos in (1, PAYS)] == ["card", "card"]  # that is: torch will see


def test_what_the_card_refused_stays_on_the_processor_when_it_is_started() -> None:
    waiting = Waiting()
    assert waiting.job(1) == "processor"
    waiting.card.take(DeviceRefused(1, "speech", NO_CUBLAS), Describe(1))
    assert waiting.job(PAYS) == "card, loaded again"
    assert waiting.card.spare(waiting.settings).on_cpu == ("speech",)


def test_a_worker_that_dies_on_the_processor_is_not_blamed_on_the_card_that_was_used_before() -> None:
    waiting = Waiting()
    assert waiting.job(PAYS) == "card"
    waiting.card.take(Placed(1, "cuda", "cuda"), Describe(1))
    lost = WorkerLost(2, (), "crashed (SIGSEGV)")
    waiting.models_loaded = False
    assert waiting.job(1) == "processor"
    assert waiting.card.devices == {"pictures": "cpu", "words": "cpu", "speech": "cpu"}
    assert not waiting.card.take(lost, Describe(2))
    waiting.models_loaded = False
    assert waiting.job(PAYS) == "card"
    assert waiting.card.devices == {"pictures": "cuda", "words": "cuda", "speech": "cuda"}
    assert waiting.card.take(lost, Describe(2))


def test_a_worker_that_somebody_else_ended_or_that_dies_while_it_trains_says_nothing_of_the_card() -> None:
    waiting = Waiting()
    assert waiting.job(PAYS) == "card"
    waiting.card.take(Placed(1, "cuda", "cuda"), Describe(1))
    assert not waiting.card.take(WorkerLost(1, (), "was told to end by somebody else", by_itself=False), Describe(1))
    assert not waiting.card.take(WorkerLost(1, (), "crashed"), Export(1, (), (), ()))
    assert waiting.card.troubles == ()


def test_in_a_library_a_card_is_started_for_its_many_videos_only(workspace: Workspace) -> None:
    running = on_card(workspace, lambda _job, _place: None)
    running.loop.pipeline.card.present = True
    running.run()
    assert on_cpu(running) == [("speech", "towers")]
    workspace.lay_out({f"more {n}.mp4": f"cat {n + 10}".encode() for n in range(PAYS)})
    running.run()
    assert on_cpu(running) == [("speech", "towers"), ()]
    assert workspace.store.features.failures() == []
