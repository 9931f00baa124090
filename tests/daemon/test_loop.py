"""The whole story on real files and a real database: sync -> extract -> train -> predict -> move, again and again."""

import pytest
from support.running import LIBRARY, Running, Words, sources
from support.workspace import Workspace

from sorterd.activity import Decided, ExtractionUnderway, TrainingEnded, UserAction
from sorterd.sync.synchronizer import SyncResult
from sorterd.worker.job_messages import Extract, Train


def test_it_learns_from_what_is_filed_and_sorts_the_inbox(running: Running) -> None:
    running.take_in({"new.mp4": b"cat 3", "odd.mp4": b"spaceship 1"})
    assert sources(running) == {"cats/new.mp4": "auto", "odd.mp4": None}
    assert (running.workspace.root / "cats/new.mp4").read_bytes() == b"cat 3"
    decided = {one.path: (one.moved_to, one.reason) for one in running.heard(Decided)}
    assert decided == {
        "new.mp4": ("cats/new.mp4", "like the videos in cats"),
        "odd.mp4": (None, "like nothing that you filed"),
    }
    assert [one.labels for one in running.heard(TrainingEnded)] == [4]
    assert len(running.worker.extracted) == len(set(running.worker.extracted)) == 6


def test_a_video_dropped_later_is_sorted_without_another_training(running: Running) -> None:
    running.run()
    running.take_in({"new.mp4": b"dog 3"})
    assert sources(running) == {"dogs/new.mp4": "auto"}
    assert running.worker.count(Train) == 1
    assert running.heard(UserAction) == [UserAction("new in the inbox", "new.mp4")]


def test_with_nothing_new_nothing_is_done(running: Running) -> None:
    running.run()
    jobs, changes = len(running.worker.jobs), running.workspace.store.changes()
    running.run()
    assert running.workspace.store.changes() == changes
    running.restart().run()
    assert running.workspace.store.changes() == 0
    assert len(running.worker.jobs) == jobs
    assert running.heard(UserAction) == []


@pytest.mark.parametrize("command", [False, True])
def test_a_drag_out_of_our_folder_is_learned_and_the_inbox_is_predicted_again(running: Running, command: bool) -> None:
    """As what is filed by command is, but for that it can be taken back as if nothing had been."""
    running.take_in({"a.mp4": b"cat 3", "odd.mp4": b"lion 1", "odder.mp4": b"lion 2"})
    if command:
        running.request(do="file", paths=["odd.mp4"], folder="lions", new=True)
        running.request(do="file", paths=["cats/a.mp4"], folder="dogs")
    else:
        running.workspace.lay_out({"lions": {}})
        running.workspace.drag("odd.mp4", "lions/odd.mp4")
        running.workspace.drag("cats/a.mp4", "dogs/a.mp4")
    running.run()
    assert sources(running) == {"dogs/a.mp4": "user", "lions/odd.mp4": "user", "lions/odder.mp4": "auto"}
    assert running.worker.count(Train) == 2
    assert running.workspace.store.journal.counts() == {"total": 2, "undone": 0, "corrected": 1}
    if not command:
        return
    running.request(do="undo", id=3)
    running.run()
    assert sources(running) == {"cats/a.mp4": "auto", "lions/odd.mp4": "user", "lions/odder.mp4": "auto"}
    assert running.worker.count(Train) == 3


def test_a_video_dragged_back_to_the_inbox_is_not_moved_there_again(running: Running) -> None:
    running.take_in({"a.mp4": b"cat 3"})
    running.workspace.drag("cats/a.mp4", "a.mp4")
    for _ in range(3):
        running.run()
    assert sources(running) == {"a.mp4": None}
    assert running.heard(Decided)[-1].reason.startswith("you said that it does not belong in cats; ")


def test_our_own_moves_teach_nothing(running: Running) -> None:
    running.take_in({f"{number}.mp4": b"cat %d" % number for number in range(3, 9)})
    for _ in range(2):
        running.restart().run()
    assert set(sources(running).values()) == {"auto"}
    assert len(running.workspace.store.files.labels()) == 4
    assert running.worker.count(Train) == 1
    assert running.heard(UserAction) == []


def test_a_renamed_folder_is_learned_under_its_new_name_with_nothing_extracted_again(running: Running) -> None:
    running.take_in({"a.mp4": b"cat 3"})
    running.workspace.drag("cats", "felines")
    running.take_in({"b.mp4": b"cat 4"})
    labels = {name: source for path, source in sources(running).items() for name in [path.removeprefix("felines/")]}
    assert labels == {"a.mp4": "auto", "b.mp4": "auto", "c1.mp4": "user", "c2.mp4": "user"}
    assert len(running.worker.extracted) == len(set(running.worker.extracted)) == 6


def test_a_new_empty_folder_is_learned_too(running: Running) -> None:
    running.run()
    running.take_in({"birds": {}})
    assert running.worker.count(Train) == 2


def test_a_burst_of_drags_is_learned_once_when_it_is_over(workspace: Workspace) -> None:
    workspace.lay_out({**LIBRARY, "birds": {}})
    running = Running(workspace, Words(workspace.clock), debounce=5.0).run()
    workspace.clock.advance(5.0)
    running.run()
    assert running.worker.count(Train) == 1
    for name in ("c1.mp4", "c2.mp4"):
        workspace.drag(f"cats/{name}", f"birds/{name}")
        workspace.clock.advance(3.0)
        running.run()
        assert running.worker.count(Train) == 1
    workspace.clock.advance(4.0)
    running.run()
    assert running.worker.count(Train) == 1
    workspace.clock.advance(1.0)
    running.run()
    assert running.worker.count(Train) == 2


def test_arrivals_in_the_inbox_do_not_put_off_what_a_drag_teaches(workspace: Workspace) -> None:
    workspace.lay_out({**LIBRARY, "birds": {}})
    running = Running(workspace, Words(workspace.clock), debounce=5.0).run()
    workspace.clock.advance(5.0)
    running.run()
    workspace.drag("cats/c1.mp4", "birds/c1.mp4")
    for number in range(3):
        workspace.lay_out({f"new {number}.mp4": b"spaceship %d" % number})
        running.run()
        workspace.clock.advance(2.0)
    running.run()
    assert running.worker.count(Train) == 2


def test_an_undone_move_stays_undone_until_the_user_files_the_video(running: Running) -> None:
    running.take_in({"a.mp4": b"cat 3"})
    assert running.request(do="undo")["refused"] == []
    running.run()
    running.restart().run()
    assert sources(running) == {"a.mp4": None}
    running.workspace.drag("a.mp4", "cats/a.mp4")
    running.run()
    assert sources(running) == {"cats/a.mp4": "user"}
    assert running.workspace.store.files.held() == set()


def test_a_confirmed_move_teaches(running: Running) -> None:
    running.take_in({"a.mp4": b"cat 3"})
    running.request(do="confirm", path="cats/a.mp4")
    running.run()
    assert [one.labels for one in running.heard(TrainingEnded)] == [4, 5]


def test_a_copied_video_is_extracted_once(running: Running) -> None:
    running.run()
    running.take_in({"cats": {"c3.mp4": b"cat 1"}, "a.mp4": b"cat 1"})
    assert len(running.worker.extracted) == 4
    assert running.on_disk["a.mp4"] == b"cat 1", "the same video is filed already"


def test_replaced_content_is_another_video(running: Running) -> None:
    running.run()
    (running.workspace.root / "cats/c1.mp4").write_bytes(b"lion 1")
    running.run()
    assert running.worker.extracted[-1] == b"lion 1"
    assert running.worker.count(Train) == 2


def test_nothing_is_moved_by_a_model_that_does_not_know_a_folder_however_large_that_is(running: Running) -> None:
    running.take_in({"cats": {f"{n}.mp4": b"cat %d" % n for n in range(10, 35)} | {"l.mp4": b"lion 0"}})
    assert running.worker.model == {"cat": "cats", "dog": "dogs", "lion": "cats"}
    running.take_in({"lions": {f"{n}.mp4": b"lion %d" % n for n in range(1, 200)}, "new.mp4": b"lion 999"})
    assert sources(running)["lions/new.mp4"] == "auto"


def test_a_flood_does_not_keep_a_new_folder_from_being_learned_nor_itself_from_being_sorted(running: Running) -> None:
    running.run()
    flood = {f"{n}.mp4": b"cat %d" % n for n in range(1000, 1200)}
    running.take_in({"lions": {f"{n}.mp4": b"lion %d" % n for n in range(60)}, **flood})
    lions = [number for number, content in enumerate(running.worker.extracted) if content.startswith(b"lion")]
    assert lions[19] < 60, "the first twenty come in turn with the flood"
    assert lions[20] > 200, "the others when the flood is over"
    moved = [type(one) for one in running.told].index(Decided)
    learned = [one.labels for one in running.told[:moved] if isinstance(one, TrainingEnded)]
    assert learned == [4, 24], "sorted as soon as the folder is known, not when all of it is"
    assert set(sources(running).values()) == {"auto", "user"}


def test_a_large_inbox_is_extracted_in_batches_and_sorted_meanwhile(running: Running) -> None:
    running.take_in({f"{number}.mp4": b"cat %d" % number for number in range(3, 30)})
    assert set(sources(running).values()) == {"auto"}
    assert running.worker.count(Extract) == 4
    kinds = [type(job).__name__ for job in running.worker.jobs]
    assert kinds.index("Predict") < len(kinds) - 1 - kinds[::-1].index("Extract")


def test_a_large_inbox_says_now_and_then_how_far_it_is_and_how_fast(running: Running) -> None:
    running.worker.before = lambda _: running.workspace.clock.advance(1.0)
    running.take_in({f"{number}.mp4": b"cat %d" % number for number in range(3, 103)})
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
