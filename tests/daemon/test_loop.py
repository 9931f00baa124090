"""The whole story on real files and a real database: sync -> extract -> train -> predict -> move, again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.house import House
from support.running import Running, Words

from sorterd.activity import Decided, ExtractionUnderway, Fault, TrainingEnded, UserAction
from sorterd.backoff import FIRST_DELAY
from sorterd.store.settings import LEARNED, MODEL, SPACE
from sorterd.sync.guard import SECOND_SCAN_SECONDS
from sorterd.sync.synchronizer import SyncResult
from sorterd.worker.messages import Describe, Extract, Job, Train

LIBRARY = {
    "cats": {"c1.mp4": b"cat 1", "c2.mp4": b"cat 2"},
    "dogs": {"d1.mp4": b"dog 1", "d2.mp4": b"dog 2"},
}


@pytest.fixture
def running(house: House) -> Running:
    house.lay_out(LIBRARY)
    return Running(house, Words(house.clock))


def sources(running: Running) -> dict[str, str | None]:
    return {path: source for path, source in running.house.known().items() if path not in ORIGINALS}


ORIGINALS = {f"{folder}/{name}" for folder, files in LIBRARY.items() for name in files}


# --- a day in its life -----------------------------------------------------------------------------------------------


def test_it_learns_from_what_is_filed_and_sorts_the_inbox(running: Running) -> None:
    running.house.lay_out({"new.mp4": b"cat 3", "odd.mp4": b"spaceship 1"})
    running.run()
    assert sources(running) == {"cats/new.mp4": "auto", "odd.mp4": None}
    assert (running.house.root / "cats/new.mp4").read_bytes() == b"cat 3"
    decided = {one.path: (one.moved_to, one.reason) for one in running.heard(Decided)}
    assert decided == {
        "new.mp4": ("cats/new.mp4", "like the videos in cats"),
        "odd.mp4": (None, "like nothing that you filed"),
    }
    assert [one.labels for one in running.heard(TrainingEnded)] == [4]
    assert len(running.worker.extracted) == len(set(running.worker.extracted)) == 6


def test_a_video_dropped_later_is_sorted_without_another_training(running: Running) -> None:
    running.run()
    running.house.lay_out({"new.mp4": b"dog 3"})
    running.run()
    assert sources(running) == {"dogs/new.mp4": "auto"}
    assert running.worker.count(Train) == 1
    assert running.heard(UserAction) == [UserAction("new in the inbox", "new.mp4")]


def test_with_nothing_new_nothing_is_done(running: Running) -> None:
    running.run()
    jobs, changes = len(running.worker.jobs), running.house.store.changes()
    running.run()
    assert running.house.store.changes() == changes
    running.restart()
    running.run()
    assert running.house.store.changes() == 0
    assert len(running.worker.jobs) == jobs
    assert running.heard(UserAction) == []


def test_a_drag_out_of_our_folder_is_learned_and_the_inbox_is_predicted_again(running: Running) -> None:
    running.house.lay_out({"a.mp4": b"cat 3", "odd.mp4": b"lion 1", "odder.mp4": b"lion 2"})
    running.run()
    running.house.lay_out({"lions": {}})
    running.house.drag("odd.mp4", "lions/odd.mp4")
    running.house.drag("cats/a.mp4", "dogs/a.mp4")
    running.run()
    assert sources(running) == {"dogs/a.mp4": "user", "lions/odd.mp4": "user", "lions/odder.mp4": "auto"}
    assert running.worker.count(Train) == 2
    assert running.house.store.journal.counts() == {"total": 2, "undone": 0, "corrected": 1}


def test_a_video_dragged_back_to_the_inbox_is_not_moved_there_again(running: Running) -> None:
    running.house.lay_out({"a.mp4": b"cat 3"})
    running.run()
    running.house.drag("cats/a.mp4", "a.mp4")
    for _ in range(3):
        running.run()
    assert sources(running) == {"a.mp4": None}
    assert running.heard(Decided)[-1].reason == "you took this video out of cats"


def test_our_own_moves_teach_nothing(running: Running) -> None:
    running.house.lay_out({f"{number}.mp4": b"cat %d" % number for number in range(3, 9)})
    running.run()
    for _ in range(2):
        running.restart()
        running.run()
    assert set(sources(running).values()) == {"auto"}
    assert len(running.house.store.files.labels()) == 4
    assert running.worker.count(Train) == 1
    assert running.heard(UserAction) == []


def test_a_renamed_folder_is_learned_under_its_new_name_with_nothing_extracted_again(running: Running) -> None:
    running.house.lay_out({"a.mp4": b"cat 3"})
    running.run()
    running.house.drag("cats", "felines")
    running.house.lay_out({"b.mp4": b"cat 4"})
    running.run()
    labels = {name: source for path, source in sources(running).items() for name in [path.removeprefix("felines/")]}
    assert labels == {"a.mp4": "auto", "b.mp4": "auto", "c1.mp4": "user", "c2.mp4": "user"}
    assert len(running.worker.extracted) == len(set(running.worker.extracted)) == 6


def test_a_new_empty_folder_is_learned_too(running: Running) -> None:
    running.run()
    running.house.lay_out({"birds": {}})
    running.run()
    assert running.worker.count(Train) == 2


def test_a_burst_of_drags_is_learned_once_when_it_is_over(house: House) -> None:
    house.lay_out({**LIBRARY, "birds": {}})
    running = Running(house, Words(house.clock), debounce=5.0)
    running.run()
    house.clock.advance(5.0)
    running.run()
    assert running.worker.count(Train) == 1
    for name in ("c1.mp4", "c2.mp4"):
        house.drag(f"cats/{name}", f"birds/{name}")
        house.clock.advance(3.0)
        running.run()
        assert running.worker.count(Train) == 1
    house.clock.advance(4.0)
    running.run()
    assert running.worker.count(Train) == 1
    house.clock.advance(1.0)
    running.run()
    assert running.worker.count(Train) == 2


def test_arrivals_in_the_inbox_do_not_put_off_what_a_drag_teaches(house: House) -> None:
    house.lay_out({**LIBRARY, "birds": {}})
    running = Running(house, Words(house.clock), debounce=5.0)
    running.run()
    house.clock.advance(5.0)
    running.run()
    house.drag("cats/c1.mp4", "birds/c1.mp4")
    for number in range(3):
        house.lay_out({f"new {number}.mp4": b"spaceship %d" % number})
        running.run()
        house.clock.advance(2.0)
    running.run()
    assert running.worker.count(Train) == 2


def test_an_undone_move_stays_undone_until_the_user_files_the_video(running: Running) -> None:
    running.house.lay_out({"a.mp4": b"cat 3"})
    running.run()
    assert running.request(do="undo")["refused"] == []
    running.run()
    running.restart()
    running.run()
    assert sources(running) == {"a.mp4": None}
    running.house.drag("a.mp4", "cats/a.mp4")
    running.run()
    assert sources(running) == {"cats/a.mp4": "user"}
    assert running.house.store.files.held() == set()


def test_a_confirmed_move_teaches(running: Running) -> None:
    running.house.lay_out({"a.mp4": b"cat 3"})
    running.run()
    running.request(do="confirm", path="cats/a.mp4")
    running.run()
    assert [one.labels for one in running.heard(TrainingEnded)] == [4, 5]


def test_a_copied_video_is_extracted_once(running: Running) -> None:
    running.run()
    running.house.lay_out({"cats": {"c3.mp4": b"cat 1"}, "a.mp4": b"cat 1"})
    running.run()
    assert len(running.worker.extracted) == 4
    assert running.on_disk["a.mp4"] == b"cat 1", "the same video is filed already"


def test_replaced_content_is_another_video(running: Running) -> None:
    running.run()
    (running.house.root / "cats/c1.mp4").write_bytes(b"lion 1")
    running.run()
    assert running.worker.extracted[-1] == b"lion 1"
    assert running.worker.count(Train) == 2


def test_nothing_is_moved_by_a_model_that_does_not_know_a_folder_however_large_that_is(running: Running) -> None:
    running.house.lay_out({"cats": {f"{n}.mp4": b"cat %d" % n for n in range(10, 35)} | {"l.mp4": b"lion 0"}})
    running.run()
    assert running.worker.model == {"cat": "cats", "dog": "dogs", "lion": "cats"}
    running.house.lay_out({"lions": {f"{n}.mp4": b"lion %d" % n for n in range(1, 200)}, "new.mp4": b"lion 999"})
    running.run()
    assert sources(running)["lions/new.mp4"] == "auto"


def test_a_flood_does_not_keep_a_new_folder_from_being_learned_nor_itself_from_being_sorted(running: Running) -> None:
    running.run()
    flood = {f"{n}.mp4": b"cat %d" % n for n in range(1000, 1200)}
    running.house.lay_out({"lions": {f"{n}.mp4": b"lion %d" % n for n in range(60)}, **flood})
    running.run()
    lions = [number for number, content in enumerate(running.worker.extracted) if content.startswith(b"lion")]
    assert lions[19] < 60, "the first twenty come in turn with the flood"
    assert lions[20] > 200, "the others when the flood is over"
    moved = [type(one) for one in running.told].index(Decided)
    learned = [one.labels for one in running.told[:moved] if isinstance(one, TrainingEnded)]
    assert learned == [4, 24], "sorted as soon as the folder is known, not when all of it is"
    assert set(sources(running).values()) == {"auto", "user"}


def test_a_large_inbox_is_extracted_in_batches_and_sorted_meanwhile(running: Running) -> None:
    running.house.lay_out({f"{number}.mp4": b"cat %d" % number for number in range(3, 30)})
    running.run()
    assert set(sources(running).values()) == {"auto"}
    assert running.worker.count(Extract) == 4
    kinds = [type(job).__name__ for job in running.worker.jobs]
    assert kinds.index("Predict") < len(kinds) - 1 - kinds[::-1].index("Extract")


def test_a_large_inbox_says_now_and_then_how_far_it_is_and_how_fast(running: Running) -> None:
    running.worker.before = lambda _: running.house.clock.advance(1.0)
    running.house.lay_out({f"{number}.mp4": b"cat %d" % number for number in range(3, 103)})
    running.run()
    (line,) = running.heard(ExtractionUnderway)
    assert line.done + line.waiting == 104
    assert 60 < line.per_minute < 8 * 60


def test_after_a_large_file_was_read_the_next_sync_comes_as_soon_as_after_a_small_one(running: Running) -> None:
    running.run()
    loop, now = running.loop, [1e6]
    loop.timer = loop.sync.timer = lambda: now[0]

    class Slow:
        report = running.told.append

        def synchronize(self, **_: object) -> SyncResult:
            now[0] += 100.5
            return SyncResult(reading=100.0)

    loop.sync.library = Slow()  # type: ignore[assignment]
    loop._turn()
    loop.hint()
    loop._wait(0.0)
    now[0] += 5.0
    loop._turn()
    assert now[0] == 1e6 + 100.5 + 5.0 + 100.5


# --- while the service was off ---------------------------------------------------------------------------------------


DRAGS = [
    ("cats/a.mp4", "dogs/a.mp4"),
    ("cats/b.mp4", "b.mp4"),
    ("dogs", "hounds"),
    ("cats/c1.mp4", "../deleted.mp4"),
]


def test_what_the_user_did_while_it_was_off_is_learned_as_if_it_had_been_up(tmp_path: Path) -> None:
    outcomes = []
    for watched in (True, False):
        house = House(tmp_path / f"videos {watched}", tmp_path / f"state {watched}")
        house.lay_out({**LIBRARY, "a.mp4": b"cat 3", "b.mp4": b"cat 4", "c.mp4": b"dog 3"})
        running = Running(house, Words(house.clock))
        running.run()
        for source, target in DRAGS:
            house.drag(source, target)
            if watched:
                running.run()
        running.restart()
        running.run()
        rejections = {content: sorted(folders) for content, folders in house.store.files.rejections().items()}
        outcomes.append((house.known(), rejections, house.store.journal.counts(), house.on_disk()))
        assert len(running.worker.extracted) == len(set(running.worker.extracted))
        house.close()
    assert outcomes[0] == outcomes[1]


class Off(BaseException):
    """The power goes."""


@pytest.mark.parametrize("job", range(1, 12))
def test_cut_off_at_any_job_it_goes_on_after_a_restart_and_extracts_nothing_twice(house: House, job: int) -> None:
    house.lay_out({**LIBRARY, "new.mp4": b"cat 3", "odd.mp4": b"spaceship 1"})
    worker = Words(house.clock)
    running = Running(house, worker)

    def cut_off(_: Job) -> None:
        if len(worker.jobs) == job:
            raise Off

    worker.before = cut_off
    try:
        running.run()
    except Off:
        kept = {content for content in worker.extracted if f"{content!r}" in committed(running)}
        worker.before = lambda _: None
        running.restart()
        worker.extracted.clear()
        running.run()
        assert kept.isdisjoint(worker.extracted)
    running.restart()
    running.run()
    assert sources(running) == {"cats/new.mp4": "auto", "odd.mp4": None}
    assert len(house.store.files.labels()) == 4


def committed(running: Running) -> set[str]:
    """The contents whose features are in the store."""
    store = running.house.store
    done = store.features.extracted("words-1")
    return {
        repr((running.house.root / file.path).read_bytes())
        for file in store.files.known().files.values()
        if file.fingerprint in done
    }


# --- a worker that breaks --------------------------------------------------------------------------------------------


def failures(running: Running) -> dict[str, tuple[int, bool]]:
    return {one.path: (one.attempts, one.failed) for one in running.house.store.features.failures()}


def test_the_one_video_that_the_worker_dies_of_has_failed_once_and_the_others_go_on(running: Running) -> None:
    running.house.lay_out({"evil.mp4": b"bomb 1", "new.mp4": b"cat 3"})
    running.worker.deadly = {b"bomb 1"}
    running.run()
    assert failures(running) == {"evil.mp4": (1, False)}
    assert sources(running) == {"evil.mp4": None, "cats/new.mp4": "auto"}
    assert Fault("evil.mp4", "the worker crashed") in running.heard(Fault)


def test_after_three_attempts_it_is_given_up_until_its_content_changes(running: Running) -> None:
    running.house.lay_out({"evil.mp4": b"bomb 1"})
    running.worker.deadly = {b"bomb 1"}
    for attempt in range(1, 4):
        running.run()
        running.run()
        assert failures(running) == {"evil.mp4": (attempt, attempt == 3)}
        running.house.clock.advance(FIRST_DELAY * 8**attempt)
    jobs = running.worker.count(Extract)
    running.house.clock.advance(10**6)
    running.run()
    assert running.worker.count(Extract) == jobs, "given up"
    (running.house.root / "evil.mp4").write_bytes(b"cat 9")
    running.run()
    assert failures(running) == {}
    assert sources(running) == {"cats/evil.mp4": "auto"}


def test_the_number_of_attempts_outlives_a_restart(running: Running) -> None:
    running.house.lay_out({"evil.mp4": b"bomb 1"})
    running.worker.deadly = {b"bomb 1"}
    for attempt in range(1, 4):
        running.run()
        running.restart()
        assert failures(running) == {"evil.mp4": (attempt, attempt == 3)}
        running.house.clock.advance(FIRST_DELAY * 8**attempt)


def test_of_several_videos_in_flight_each_is_tried_alone_and_only_the_culprit_has_failed(running: Running) -> None:
    running.house.lay_out({"evil.mp4": b"bomb 1", "new.mp4": b"cat 3"})
    running.worker.deadly = {b"bomb 1"}
    running.worker.hands = 8
    running.run()
    assert failures(running) == {"evil.mp4": (1, False)}
    assert sources(running) == {"evil.mp4": None, "cats/new.mp4": "auto"}
    assert len(running.worker.extracted) == len(set(running.worker.extracted)) == 5


def test_a_broken_video_is_given_up_at_once_and_tried_again_on_request(running: Running) -> None:
    running.house.lay_out({"text.mp4": b"text 1"})
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
    running.house.lay_out({"busy.mp4": b"cat 3"})
    running.worker.broken, running.worker.transient = {b"cat 3": "input/output error"}, True
    running.run()
    running.worker.broken = {}
    running.run()
    assert sources(running) == {"busy.mp4": None}
    running.house.clock.advance(FIRST_DELAY)
    running.run()
    assert sources(running) == {"cats/busy.mp4": "auto"}


def test_a_video_that_vanishes_before_it_is_extracted_is_nobodys_fault(running: Running) -> None:
    running.house.lay_out({"new.mp4": b"cat 3"})

    def delete(job: Job) -> None:
        if isinstance(job, Extract):
            (running.house.root / "new.mp4").unlink(missing_ok=True)

    running.worker.before = delete
    running.run()
    assert failures(running) == {}
    assert sources(running) == {}
    assert running.worker.count(Extract) <= 3


def test_a_video_that_is_moved_before_it_is_extracted_is_found_where_it_is(running: Running) -> None:
    running.house.lay_out({"new.mp4": b"cat 3"})

    def drag(job: Job) -> None:
        if isinstance(job, Extract) and (running.house.root / "new.mp4").exists():
            running.house.drag("new.mp4", "dogs/new.mp4")

    running.worker.before = drag
    running.run()
    running.house.clock.advance(2.0)
    running.run()
    assert failures(running) == {}
    assert sources(running) == {"dogs/new.mp4": "user"}
    assert running.worker.extracted.count(b"cat 3") == 1


def test_models_that_cannot_be_had_are_a_problem_that_is_told_and_tried_again(running: Running) -> None:
    running.worker.failing = {"describe": "the models cannot be fetched: three ways out"}
    running.run()
    assert running.loop.pipeline.problems == ["the models cannot be fetched: three ways out"]
    assert set(running.house.known()) == ORIGINALS
    running.run()
    assert running.worker.count(Describe) == 1
    running.worker.failing = {}
    running.house.clock.advance(FIRST_DELAY)
    running.run()
    assert running.loop.pipeline.problems == []
    assert running.worker.count(Train) == 1


@pytest.mark.parametrize("stage", ["extract", "train"])
def test_a_stage_that_fails_as_a_whole_is_told_and_tried_again_later_and_later(running: Running, stage: str) -> None:
    running.worker.failing = {stage: "no space left"}
    kind: type[Job] = Extract if stage == "extract" else Train
    for tries in range(1, 4):
        running.run()
        running.run()
        assert running.worker.count(kind) == tries
        assert running.loop.pipeline.problems == ["no space left"]
        running.house.clock.advance(FIRST_DELAY * 2 ** (tries - 1))
    running.worker.failing = {}
    running.run()
    assert running.loop.pipeline.problems == []
    assert running.loop.pipeline.model is not None


def test_a_model_that_cannot_be_used_any_more_is_trained_again(running: Running) -> None:
    running.run()
    running.worker.failing = {"predict": "the model file is damaged"}
    running.house.lay_out({"new.mp4": b"cat 3"})
    running.run()
    assert running.worker.count(Train) == 3  # the second one was not better, so the third one waits for its turn
    running.worker.failing = {}
    running.house.clock.advance(2 * FIRST_DELAY)
    running.run()
    assert sources(running) == {"cats/new.mp4": "auto"}
    assert running.worker.count(Train) == 3


def test_a_new_model_that_is_no_better_leaves_the_old_one_in_use_and_is_not_made_again(running: Running) -> None:
    running.run()
    running.worker.not_better = True
    running.house.lay_out({"cats": {"c3.mp4": b"cat 3"}, "new.mp4": b"cat 4"})
    for _ in range(2):
        running.run()
        running.restart()
    assert running.worker.count(Train) == 2
    assert sources(running) == {"cats/c3.mp4": "user", "cats/new.mp4": "auto"}


def test_a_model_that_the_store_has_lost_sight_of_is_used_again(running: Running) -> None:
    """Killed between the saving of a model and its record, or a new database beside old artifacts."""
    running.run()
    running.house.store.notes.drop(MODEL)
    running.house.store.notes.drop(LEARNED)
    running.worker.not_better = True
    running.house.lay_out({"new.mp4": b"cat 3"})
    running.run()
    assert running.worker.count(Train) == 2
    assert sources(running) == {"cats/new.mp4": "auto"}


def test_another_feature_space_means_that_everything_is_extracted_again(running: Running) -> None:
    running.run()
    running.house.store.notes.drop(SPACE)  # as after a change of the settings
    running.worker.space = "words-2"
    running.restart()
    running.run()
    assert len(running.worker.extracted) == 8
    assert running.worker.count(Train) == 2


def test_models_that_changed_under_us_are_asked_after_at_the_next_start(running: Running) -> None:
    running.run()
    running.worker.space = "words-2"
    running.house.lay_out({"new.mp4": b"cat 3"})
    running.run()
    assert running.loop.pipeline.problems == ["the models at hand make features of words-2, not of words-1"]
    running.restart()
    running.run()
    assert sources(running) == {"cats/new.mp4": "auto"}


# --- a disk that goes away -------------------------------------------------------------------------------------------


def take_away(house: House) -> None:
    house.root.rename(house.root.with_name("elsewhere"))


def bring_back(house: House) -> None:
    if house.root.exists():
        house.root.rmdir()
    house.root.with_name("elsewhere").rename(house.root)


@pytest.mark.parametrize("mount_point", [True, False])
def test_while_the_disk_is_away_nothing_is_done_and_it_says_why(running: Running, mount_point: bool) -> None:
    running.house.lay_out({"odd.mp4": b"spaceship 1"})
    running.run()
    before, jobs = running.house.store.files.known(), len(running.worker.jobs)
    take_away(running.house)
    if mount_point:
        running.house.root.mkdir()
    running.run()
    running.run()
    assert running.house.store.files.known() == before
    assert len(running.worker.jobs) == jobs
    assert "is the disk" in running.heard(Fault)[0].reason or "missing at once" in running.heard(Fault)[0].reason
    bring_back(running.house)
    running.run()
    assert running.house.store.files.known() == before
    assert running.loop.sync.trouble is None
    assert running.loop.sync.result.doubt is None


def test_a_disk_that_goes_away_with_work_waiting_does_not_keep_a_single_pass_from_ending(running: Running) -> None:
    running.house.lay_out({"new.mp4": b"cat 3"})
    running.worker.before = lambda job: take_away(running.house) if isinstance(job, Extract) else None
    running.run()
    running.worker.before = lambda _: None
    running.run()
    assert running.loop.sync.blocked is not None
    bring_back(running.house)
    running.house.clock.advance(FIRST_DELAY * 8)
    running.run()
    assert running.loop.sync.blocked is None
    assert sources(running) == {"cats/new.mp4": "auto"}


def test_what_is_really_gone_is_believed_after_a_while(running: Running) -> None:
    running.run()
    for folder in ("cats", "dogs"):
        for path in (running.house.root / folder).iterdir():
            path.unlink()
    running.run()
    assert running.loop.sync.result.doubt is not None
    running.house.clock.advance(SECOND_SCAN_SECONDS)
    running.run()
    assert running.house.known() == {}


# --- messages from other threads -------------------------------------------------------------------------------------


@pytest.fixture
def live(running: Running) -> Iterator[tuple[Running, Callable[[type], object]]]:
    """The loop in a thread of its own; and a way to wait until it tells of something of a kind."""
    arrived = threading.Condition()
    report = running.told.append

    def told(activity: object) -> None:
        with arrived:
            report(activity)  # type: ignore[arg-type]
            arrived.notify_all()

    def listen() -> None:
        loop = running.loop
        loop.report = loop.sync.library.report = loop.pipeline.report = loop.sorter.report = told

    listen()

    def wait_for(kind: type) -> object:
        with arrived:
            assert arrived.wait_for(lambda: running.heard(kind), timeout=20)
            return running.heard(kind)[-1]

    ready, errors = threading.Event(), []

    def run() -> None:
        # SQLite wants the thread that opened it
        running.house.open()
        running.start()
        listen()
        ready.set()
        try:
            running.loop.run()
        except BaseException as error:  # noqa: BLE001  # handed to the test
            errors.append(error)
        running.house.close()

    running.house.close()
    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    yield running, wait_for
    running.loop.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()
    running.house.open()
    assert errors == []


def test_a_hint_from_another_thread_leads_to_a_sync(live: tuple[Running, Callable[[type], object]]) -> None:
    running, wait_for = live
    wait_for(TrainingEnded)
    running.house.lay_out({"new.mp4": b"cat 3"})
    running.loop.hint()
    decided = wait_for(Decided)
    assert isinstance(decided, Decided)
    assert decided.moved_to == "cats/new.mp4"


def test_a_shorter_interval_of_syncs_takes_effect_at_once(live: tuple[Running, Callable[[type], object]]) -> None:
    """A folder without events would otherwise be looked at for the first time after the long wait for others."""
    running, wait_for = live
    wait_for(TrainingEnded)
    running.house.lay_out({"new.mp4": b"cat 3"})
    running.loop.call(lambda: running.loop.sync.at_least_every(0.1))
    decided = wait_for(Decided)
    assert isinstance(decided, Decided)
    assert decided.moved_to == "cats/new.mp4"


def test_what_another_thread_asks_for_is_done_on_the_loops_own(
    live: tuple[Running, Callable[[type], object]],
) -> None:
    running, wait_for = live
    wait_for(TrainingEnded)
    answered = threading.Event()
    answers: list[object] = []

    def ask() -> None:
        answers.append((threading.current_thread().name, running.house.store.journal.counts()["total"]))
        answered.set()

    running.loop.call(ask)
    assert answered.wait(timeout=20)
    assert answers[0] != threading.current_thread().name
