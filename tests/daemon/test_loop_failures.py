"""What a worker that breaks, and a disk that goes away, do to the loop."""

import pytest
from support.running import ORIGINALS, Running, sources
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.backoff import FIRST_DELAY
from sorterd.store.settings import LEARNED, MODEL, SPACE
from sorterd.sync.guard import SECOND_SCAN_SECONDS
from sorterd.worker.job_messages import Describe, Extract, Job, Train

# --- a worker that breaks --------------------------------------------------------------------------------------------


def failures(running: Running) -> dict[str, tuple[int, bool]]:
    return {one.path: (one.attempts, one.failed) for one in running.workspace.store.features.failures()}


def test_the_one_video_that_the_worker_dies_of_has_failed_once_and_the_others_go_on(running: Running) -> None:
    running.workspace.lay_out({"evil.mp4": b"bomb 1", "new.mp4": b"cat 3"})
    running.worker.deadly = {b"bomb 1"}
    running.run()
    assert failures(running) == {"evil.mp4": (1, False)}
    assert sources(running) == {"evil.mp4": None, "cats/new.mp4": "auto"}
    assert Fault("evil.mp4", "the worker crashed") in running.heard(Fault)


def test_after_three_attempts_it_is_given_up_until_its_content_changes(running: Running) -> None:
    running.workspace.lay_out({"evil.mp4": b"bomb 1"})
    running.worker.deadly = {b"bomb 1"}
    for attempt in range(1, 4):
        running.run()
        running.restart().run()
        assert failures(running) == {"evil.mp4": (attempt, attempt == 3)}
        running.workspace.clock.advance(FIRST_DELAY * 8**attempt)
    jobs = running.worker.count(Extract)
    running.workspace.clock.advance(10**6)
    running.run()
    assert running.worker.count(Extract) == jobs, "given up"
    (running.workspace.root / "evil.mp4").write_bytes(b"cat 9")
    running.run()
    assert failures(running) == {}
    assert sources(running) == {"cats/evil.mp4": "auto"}


def test_of_several_videos_in_flight_each_is_tried_alone_and_only_the_culprit_has_failed(running: Running) -> None:
    running.workspace.lay_out({"evil.mp4": b"bomb 1", "new.mp4": b"cat 3"})
    running.worker.deadly = {b"bomb 1"}
    running.worker.hands = 8
    running.run()
    assert failures(running) == {"evil.mp4": (1, False)}
    assert sources(running) == {"evil.mp4": None, "cats/new.mp4": "auto"}
    assert len(running.worker.extracted) == len(set(running.worker.extracted)) == 5


def test_a_broken_video_is_given_up_at_once_and_tried_again_on_request(running: Running) -> None:
    running.workspace.lay_out({"text.mp4": b"text 1"})
    running.worker.broken = {b"text 1": "it holds no video"}
    running.run()
    assert failures(running) == {"text.mp4": (1, True)}
    running.worker.broken = {}
    running.run()
    assert failures(running) == {"text.mp4": (1, True)}
    assert running.request(do="retry", path="text.mp4") == {"retried": 1}
    running.run()
    assert failures(running) == {}


def test_a_passing_trouble_with_a_video_is_tried_again_at_its_time(running: Running) -> None:
    running.workspace.lay_out({"busy.mp4": b"cat 3"})
    running.worker.broken, running.worker.transient = {b"cat 3": "input/output error"}, True
    running.run()
    running.worker.broken = {}
    running.run()
    assert sources(running) == {"busy.mp4": None}
    running.workspace.clock.advance(FIRST_DELAY)
    running.run()
    assert sources(running) == {"cats/busy.mp4": "auto"}


def test_a_video_that_vanishes_before_it_is_extracted_is_nobodys_fault(running: Running) -> None:
    running.workspace.lay_out({"new.mp4": b"cat 3"})

    def delete(job: Job) -> None:
        if isinstance(job, Extract):
            (running.workspace.root / "new.mp4").unlink(missing_ok=True)

    running.worker.before = delete
    running.run()
    assert failures(running) == {}
    assert sources(running) == {}
    assert running.worker.count(Extract) <= 3


def test_a_video_that_is_moved_before_it_is_extracted_is_found_where_it_is(running: Running) -> None:
    running.workspace.lay_out({"new.mp4": b"cat 3"})

    def drag(job: Job) -> None:
        if isinstance(job, Extract) and (running.workspace.root / "new.mp4").exists():
            running.workspace.drag("new.mp4", "dogs/new.mp4")

    running.worker.before = drag
    running.run()
    running.workspace.clock.advance(2.0)
    running.run()
    assert failures(running) == {}
    assert sources(running) == {"dogs/new.mp4": "user"}
    assert running.worker.extracted.count(b"cat 3") == 1


def test_models_that_cannot_be_had_are_a_problem_that_is_told_and_tried_again(running: Running) -> None:
    running.worker.failing = {"describe": "the models cannot be fetched: three ways out"}
    running.run()
    assert running.loop.pipeline.pauses.reasons == ["the models cannot be fetched: three ways out"]
    assert set(running.workspace.known()) == ORIGINALS
    running.run()
    assert running.worker.count(Describe) == 1
    running.worker.failing = {}
    running.workspace.clock.advance(FIRST_DELAY)
    running.run()
    assert running.loop.pipeline.pauses.reasons == []
    assert running.worker.count(Train) == 1


@pytest.mark.parametrize("stage", ["extract", "train"])
def test_a_stage_that_fails_as_a_whole_is_told_and_tried_again_later_and_later(running: Running, stage: str) -> None:
    running.worker.failing = {stage: "no space left"}
    kind: type[Job] = Extract if stage == "extract" else Train
    for tries in range(1, 4):
        running.run()
        running.run()
        assert running.worker.count(kind) == tries
        assert running.loop.pipeline.pauses.reasons == ["no space left"]
        running.workspace.clock.advance(FIRST_DELAY * 2 ** (tries - 1))
    running.worker.failing = {}
    running.run()
    assert running.loop.pipeline.pauses.reasons == []
    assert running.loop.pipeline.model is not None


def test_a_model_that_cannot_be_used_any_more_is_trained_again(running: Running) -> None:
    running.run()
    running.worker.failing = {"predict": "the model file is damaged"}
    running.take_in({"new.mp4": b"cat 3"})
    assert running.worker.count(Train) == 3  # the second one was not better, so the third one waits for its turn
    running.worker.failing = {}
    running.workspace.clock.advance(2 * FIRST_DELAY)
    running.run()
    assert sources(running) == {"cats/new.mp4": "auto"}
    assert running.worker.count(Train) == 3


def test_a_new_model_that_is_no_better_leaves_the_old_one_in_use_and_is_not_made_again(running: Running) -> None:
    running.run()
    running.worker.not_better = True
    running.workspace.lay_out({"cats": {"c3.mp4": b"cat 3"}, "new.mp4": b"cat 4"})
    for _ in range(2):
        running.run()
        running.restart()
    assert running.worker.count(Train) == 2
    assert sources(running) == {"cats/c3.mp4": "user", "cats/new.mp4": "auto"}


def test_a_model_that_the_store_has_lost_sight_of_is_used_again(running: Running) -> None:
    """Killed between the saving of a model and its record, or a new database beside old artifacts."""
    running.run()
    running.workspace.store.notes.drop(MODEL)
    running.workspace.store.notes.drop(LEARNED)
    running.worker.not_better = True
    running.take_in({"new.mp4": b"cat 3"})
    assert running.worker.count(Train) == 2
    assert sources(running) == {"cats/new.mp4": "auto"}


def test_another_feature_space_means_that_everything_is_extracted_again(running: Running) -> None:
    running.run()
    running.workspace.store.notes.drop(SPACE)  # as after a change of the settings
    running.worker.space = "words-2"
    running.restart().run()
    assert len(running.worker.extracted) == 8
    assert running.worker.count(Train) == 2


def test_models_that_changed_under_us_are_asked_after_at_the_next_start(running: Running) -> None:
    running.run()
    running.worker.space = "words-2"
    running.take_in({"new.mp4": b"cat 3"})
    assert running.loop.pipeline.pauses.reasons == ["the models at hand make features of words-2, not of words-1"]
    running.restart().run()
    assert sources(running) == {"cats/new.mp4": "auto"}


# --- a disk that goes away -------------------------------------------------------------------------------------------


def take_away(workspace: Workspace) -> None:
    workspace.root.rename(workspace.root.with_name("elsewhere"))


def bring_back(workspace: Workspace) -> None:
    if workspace.root.exists():
        workspace.root.rmdir()
    workspace.root.with_name("elsewhere").rename(workspace.root)


@pytest.mark.parametrize("mount_point", [True, False])
def test_while_the_disk_is_away_nothing_is_done_and_it_says_why(running: Running, mount_point: bool) -> None:
    running.take_in({"odd.mp4": b"spaceship 1"})
    before, jobs = running.workspace.store.files.known(), len(running.worker.jobs)
    take_away(running.workspace)
    if mount_point:
        running.workspace.root.mkdir()
    running.run()
    running.run()
    assert running.workspace.store.files.known() == before
    assert len(running.worker.jobs) == jobs
    assert "is the disk" in running.heard(Fault)[0].reason or "missing at once" in running.heard(Fault)[0].reason
    bring_back(running.workspace)
    running.run()
    assert running.workspace.store.files.known() == before
    assert running.loop.sync.trouble is None
    assert running.loop.sync.result.doubt is None


def test_a_disk_that_goes_away_with_work_waiting_does_not_keep_a_single_pass_from_ending(running: Running) -> None:
    running.workspace.lay_out({"new.mp4": b"cat 3"})
    running.worker.before = lambda job: take_away(running.workspace) if isinstance(job, Extract) else None
    running.run()
    running.worker.before = lambda _: None
    running.run()
    assert running.loop.sync.blocked is not None
    bring_back(running.workspace)
    running.workspace.clock.advance(FIRST_DELAY * 8)
    running.run()
    assert running.loop.sync.blocked is None
    assert sources(running) == {"cats/new.mp4": "auto"}


def test_what_is_really_gone_is_believed_after_a_while(running: Running) -> None:
    running.run()
    for folder in ("cats", "dogs"):
        for path in (running.workspace.root / folder).iterdir():
            path.unlink()
    running.run()
    assert running.loop.sync.result.doubt is not None
    running.workspace.clock.advance(SECOND_SCAN_SECONDS)
    running.run()
    assert running.workspace.known() == {}
