"""What the worker is given and what becomes of its answers, where the whole loop does not show it."""

import json
from dataclasses import replace

import pytest
from support.running import Running, Words
from support.words import SPACE, predicted
from support.workspace import Workspace

from sorterd.backoff import FIRST_DELAY
from sorterd.features.settings import extracted_modalities
from sorterd.pipeline.schedule import Stage
from sorterd.prediction import Prediction
from sorterd.store.settings import MODEL
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Describe, Export, Extract, FeatureRow, Job, Predict, Train
from sorterd.worker.report_messages import Extracted, JobDone, Predicted, Trained

STAGES: tuple[Stage, ...] = ("extract", "train", "predict")
LIBRARY = {"cats": {"c1.mp4": b"cat 1"}, "dogs": {"d1.mp4": b"dog 1"}, "new.mp4": b"lion 1"}


@pytest.fixture
def running(workspace: Workspace) -> Running:
    workspace.lay_out(LIBRARY)
    return Running(workspace, Words(workspace.clock))


def test_a_training_gets_labels_inbox_rejections_and_folder_names(running: Running) -> None:
    running.take_in({"empty": {}, "cats": {"c2.mp4": b"cat 2"}})
    running.workspace.drag("cats/c2.mp4", "c2.mp4")
    running.run()
    job = running.worker.given(Train)[-1]
    assert {(row.path, row.label, row.vector) for row in job.labelled} == {
        ("cats/c1.mp4", "cats", b"cat"),
        ("dogs/d1.mp4", "dogs", b"dog"),
    }
    assert {(row.path, row.label) for row in job.unlabeled} == {("new.mp4", ""), ("c2.mp4", "")}
    assert [(row.label, row.vector) for row in job.rejected] == [("cats", b"cat")]
    assert job.categories == ("cats", "dogs", "empty")
    assert (job.feature_space, job.modalities, job.now) == (
        SPACE,
        extracted_modalities(4, 4),
        running.workspace.clock.now,
    )


def test_reports_of_a_job_that_was_given_up_are_dropped(running: Running) -> None:
    taken: list[object] = []

    def late(job: Job) -> None:
        before, old = running.workspace.store.changes(), job.job - 1
        extracted, trained = Extracted(old, "x", b"", "", "", "none"), Trained(old, "{}", True, "")
        for report in (extracted, trained, Predicted(old, ()), JobDone(old), WorkerLost(old, (), "crashed")):
            taken.append(running.loop.pipeline.take(report))
        assert running.workspace.store.changes() == before
        assert running.loop.pipeline.busy

    running.worker.before = late
    running.run()
    assert taken
    assert not any(taken)


def test_a_drag_while_a_model_is_trained_makes_another_training_due(running: Running) -> None:
    def drag(job: Job) -> None:
        if isinstance(job, Train) and (running.workspace.root / "new.mp4").exists():
            running.workspace.drag("new.mp4", "dogs/new.mp4")
            running.loop.hint()  # handled after the report of this very training

    running.worker.before = drag
    running.run()
    running.run()
    assert running.worker.count(Train) == 2
    assert running.worker.model == {"cat": "cats", "dog": "dogs", "lion": "dogs"}


def test_another_threshold_asks_the_same_model_again(workspace: Workspace) -> None:
    workspace.lay_out(LIBRARY)
    worker = Words(workspace.clock)
    Running(workspace, worker).run()
    assert worker.count(Predict) == 1
    Running(workspace, worker, threshold=0.5).run()
    job = worker.given(Predict)[-1]
    assert job.threshold == 0.5
    assert worker.count(Predict) == 2


def test_a_predict_names_the_model_that_the_daemon_counts_on(running: Running) -> None:
    running.run()
    job = running.worker.given(Predict)[-1]
    assert job.trained_at == running.worker.summary["trained_at"]


@pytest.mark.parametrize(
    ("stages", "kinds"),
    [
        ({"extract"}, {"Describe", "Extract"}),
        ({"extract", "export"}, {"Describe", "Extract", "Export"}),
        ({"train"}, {"Describe"}),
        ({"predict"}, {"Describe"}),
    ],
)
def test_only_the_requested_stages_are_done(workspace: Workspace, stages: set[Stage], kinds: set[str]) -> None:
    workspace.lay_out(LIBRARY)
    running = Running(workspace, Words(workspace.clock), stages=frozenset(stages)).run()
    assert {type(job).__name__ for job in running.worker.jobs} == kinds


def test_stages_by_hand_come_to_the_same_as_all_at_once(workspace: Workspace) -> None:
    workspace.lay_out({**LIBRARY, "cat.mp4": b"cat 2"})
    worker = Words(workspace.clock)
    for stage in STAGES:
        Running(workspace, worker, stages=frozenset({stage})).run()
    assert workspace.known()["cats/cat.mp4"] == "auto"
    assert [worker.count(kind) for kind in (Extract, Train, Predict)] == [1, 1, 1]


def test_an_export_has_all_filed_and_all_unsorted_videos(workspace: Workspace) -> None:
    workspace.lay_out(LIBRARY)
    running = Running(workspace, Words(workspace.clock), stages=frozenset({"extract", "export"})).run()
    job = running.worker.given(Export)[-1]
    assert {row.path for row in (*job.labelled, *job.unlabeled)} == {"cats/c1.mp4", "dogs/d1.mp4", "new.mp4"}


def test_doing_it_again_trains_and_predicts_where_nothing_has_changed(running: Running) -> None:
    running.run()
    running.loop.pipeline.do_again()
    running.run()
    assert (running.worker.count(Train), running.worker.count(Predict)) == (2, 2)
    assert running.worker.count(Extract) == 1


def test_the_loop_is_woken_for_the_next_retry_and_for_the_next_training(workspace: Workspace) -> None:
    workspace.lay_out({**LIBRARY, "evil.mp4": b"bomb 1"})
    running = Running(workspace, Words(workspace.clock, deadly={b"bomb 1"}), debounce=5.0).run()
    assert running.loop.pipeline.wake_at() == workspace.clock.now + 5.0
    running.run(after=5.0)
    assert running.loop.pipeline.wake_at() == workspace.clock.now - 5.0 + FIRST_DELAY
    workspace.clock.advance(FIRST_DELAY - 5.0)
    running.worker.deadly.clear()
    running.run()
    assert running.loop.pipeline.wake_at() is None


def test_a_model_of_another_feature_space_is_not_used(running: Running) -> None:
    running.run()
    note = running.workspace.store.notes.get(MODEL)
    running.workspace.store.notes.put(MODEL, {**(note or {}), "feature_space": "another"})
    assert running.loop.pipeline.model is None
    assert running.loop.pipeline.predictor is None


def test_an_extraction_says_how_wide_a_vector_is_to_be(running: Running) -> None:
    running.run()
    job = running.worker.given(Extract)[-1]
    assert job.width == 4 + 4


def test_nothing_is_moved_out_of_the_library(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a worker says that a hostile video has taken over."""
    outside = running.workspace.root.with_name("outside")

    def lie(row: FeatureRow, model: dict[str, str], strangers: float) -> Prediction:
        return replace(predicted(row, model, strangers), folder="../outside", move=True)

    monkeypatch.setattr("support.running.predicted", lie)
    outside.mkdir()
    for _ in range(2):
        running.run()
        running.restart()
    assert running.on_disk["new.mp4"] == b"lion 1"
    assert list(outside.iterdir()) == []


def test_folder_names_that_are_not_utf_8_are_learned_and_predicted(workspace: Workspace) -> None:
    workspace.lay_out({"cr\udce8me": {"c1.mp4": b"cat 1"}, "cat.mp4": b"cat 2"})
    Running(workspace, Words(workspace.clock)).run()
    assert workspace.known() == {"cr\udce8me/c1.mp4": "user", "cr\udce8me/cat.mp4": "auto"}
    assert json.loads(json.dumps(workspace.store.notes.get(MODEL)))["label_names"] == ["cr\udce8me"]


def test_the_vectors_of_a_job_are_not_kept_in_memory_while_it_is_under_way(running: Running) -> None:
    kept: list[Job | None] = []
    running.worker.before = lambda _: kept.append(running.loop.pipeline.busy.here)
    running.run()
    trains = [job for job in kept if isinstance(job, Train)]
    assert [(job.labelled, job.unlabeled) for job in trains] == [((), ())]
    assert [job.rows for job in kept if isinstance(job, Predict)] == [()]


def test_a_model_that_was_not_recorded_before_a_kill_is_trained_again_and_asked_at_once(running: Running) -> None:
    """The worker had put it in its place; the daemon, killed before it heard of that, counts on the one before."""
    running.run()
    running.workspace.lay_out({"newer.mp4": b"cat 3"})
    running.worker.failing = {"predict": "the model is of another time: train again"}
    running.worker.before = lambda job: running.worker.failing.clear() if isinstance(job, Train) else None
    running.restart().run()
    assert running.loop.pipeline.pauses.reasons == []
    assert running.on_disk["cats"] == {"c1.mp4": b"cat 1", "newer.mp4": b"cat 3"}


def test_models_are_loaded_for_a_search_and_nothing_else_changes(running: Running) -> None:
    running.run()
    before = list(running.workspace.store.connection.iterdump())
    running.loop.pipeline.load_models()
    job = running.worker.given(Describe)[-1]
    assert running.worker.jobs[-1] is job
    running.run()
    assert running.worker.jobs[-1] is job
    assert list(running.workspace.store.connection.iterdump()) == before
