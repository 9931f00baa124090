"""Outside the hours of work and on battery the backlog waits, and new arrivals do not."""

from datetime import datetime, timedelta

import pytest
from support.running import LIBRARY, Running, Words
from support.workspace import Clock, Workspace

from sorterd.activity import Note
from sorterd.pipeline.work_hours import ARRIVAL_SECONDS, LOOK_SECONDS, WorkHours
from sorterd.work_window import WorkWindow
from sorterd.worker.job_messages import Extract, Pictures, Train

NOON = datetime(2040, 5, 1, 12, 0).timestamp()  # local time
NIGHT = WorkWindow.parse("22:00-07:00")
TEN_PM = (datetime.fromtimestamp(NOON) + timedelta(hours=10)).timestamp()


class Plug:
    """The power cord. Counts how often it is looked at."""

    def __init__(self) -> None:
        self.pulled, self.looks = False, 0

    def is_pulled(self) -> bool:
        self.looks += 1
        return self.pulled


@pytest.fixture
def plug() -> Plug:
    return Plug()


def start(workspace: Workspace, plug: Plug, window: WorkWindow = NIGHT, *, with_battery: bool = False) -> Running:
    workspace.clock.now = NOON
    running = Running(workspace, Words(workspace.clock))
    running.loop.pipeline.holding.hours = WorkHours(window, with_battery, plug.is_pulled)
    return running


def started_in_the_night(workspace: Workspace, plug: Plug) -> Running:
    """With the library extracted in the night; it is noon now."""
    workspace.lay_out(LIBRARY)
    running = start(workspace, plug)
    workspace.clock.now = TEN_PM - 24 * 3600.0
    running.run()
    workspace.clock.now = NOON
    running.worker.extracted.clear()
    return running


def arrive(running: Running, path: str, content: bytes) -> None:
    running.workspace.lay_out({path: content})
    running.loop.hint()
    running.run()


def notes(running: Running) -> list[str]:
    return [note.text for note in running.heard(Note) if "wait" in note.text]


def test_the_backlog_waits_for_the_window_and_says_until_when(workspace: Workspace, plug: Plug) -> None:
    workspace.lay_out({**LIBRARY, "old.mp4": b"cat 3"})
    running = start(workspace, plug)
    running.run()
    assert running.worker.extracted == []
    told = "5 videos wait until 22:00, because work.window is 22:00-07:00; new ones are looked at at once"
    assert notes(running) == [told]
    assert running.loop.pipeline.wake_at() == TEN_PM
    running.run()
    assert notes(running) == [told]  # once
    workspace.clock.now = TEN_PM
    running.run()
    assert len(running.worker.extracted) == 5
    assert "old.mp4" in running.on_disk["cats"]  # type: ignore[operator]
    assert running.loop.pipeline.held is None
    assert notes(running) == [told, "the videos that waited are looked at now"]


def test_an_arrival_shares_no_job_with_the_backlog(workspace: Workspace, plug: Plug) -> None:
    workspace.lay_out({f"{n}.mp4": b"lion %d" % n for n in range(9)})
    running = start(workspace, plug)
    running.run()
    arrive(running, "new.mp4", b"cat 7")
    jobs = running.worker.given(Extract)
    assert [len(job.items) for job in jobs] == [1]
    assert running.worker.extracted == [b"cat 7"]


def test_an_arrival_that_broke_the_worker_is_tried_again_at_any_time(workspace: Workspace, plug: Plug) -> None:
    running = started_in_the_night(workspace, plug)
    running.worker.hands = 2
    running.worker.deadly.add(b"cat 8")
    workspace.lay_out({"new.mp4": b"cat 7", "deadly.mp4": b"cat 8"})
    running.loop.hint()
    running.run()
    assert running.worker.extracted == [b"cat 7"]
    running.worker.deadly.clear()
    running.run(after=2 * 3600.0)  # no longer first in the queue, but still an arrival
    assert running.worker.extracted == [b"cat 7", b"cat 8"]


def test_arrivals_of_more_than_a_day_ago_are_backlog_in_a_new_feature_space(workspace: Workspace, plug: Plug) -> None:
    running = started_in_the_night(workspace, plug)
    running.worker.broken[b"lion 1"], running.worker.transient = "is busy", True
    arrive(running, "new.mp4", b"lion 1")
    running.worker.broken.clear()
    running.run(after=ARRIVAL_SECONDS)
    assert running.worker.extracted == []
    running.run(after=10 * 3600.0)
    assert running.worker.extracted == [b"lion 1"]


def test_a_folder_that_the_model_lacks_does_not_wait_since_all_moves_would(workspace: Workspace, plug: Plug) -> None:
    running = started_in_the_night(workspace, plug)
    workspace.lay_out({"old.mp4": b"lion 9", "lions": {f"{n}.mp4": b"lion %d" % n for n in range(50)}})
    running.loop.sync.first = True  # as if all of that had come while the service was off
    workspace.synchronize(watching=False)
    running.run()
    assert 20 <= len(running.worker.extracted) < 50
    assert b"lion 9" not in running.worker.extracted
    arrive(running, "new.mp4", b"lion 99")
    assert "new.mp4" in running.on_disk["lions"]  # type: ignore[operator]


def test_a_video_that_the_model_needs_is_not_said_to_wait(workspace: Workspace, plug: Plug) -> None:
    running = started_in_the_night(workspace, plug)
    running.workspace.lay_out({"lions": {"l1.mp4": b"lion 1"}})
    running.loop.hint()
    running.run()
    assert running.worker.extracted == [b"lion 1"]
    assert notes(running) == []


def test_a_drag_is_learned_at_once_though_most_of_the_library_waits(workspace: Workspace, plug: Plug) -> None:
    running = started_in_the_night(workspace, plug)
    for folder in ("cats", "dogs"):
        workspace.lay_out({folder: {f"known {n}.mp4": b"%s 1%d" % (folder[:-1].encode(), n) for n in range(20)}})
    workspace.clock.now = TEN_PM
    running.run()
    workspace.clock.now = TEN_PM + 12 * 3600.0
    workspace.lay_out({"cats": {f"later {n}.mp4": b"cat 2%d" % n for n in range(90)}})
    arrive(running, "new.mp4", b"lion 1")
    assert running.loop.pipeline.held is not None
    trained = running.worker.count(Train)
    workspace.drag("new.mp4", "dogs/new.mp4")
    running.loop.hint()
    running.run()
    assert running.worker.count(Train) == trained + 1
    arrive(running, "another.mp4", b"lion 2")
    assert "another.mp4" in running.on_disk["dogs"]  # type: ignore[operator]
    assert running.loop.pipeline.held is not None


def test_on_battery_the_backlog_waits_until_the_computer_is_plugged_in(workspace: Workspace, plug: Plug) -> None:
    workspace.lay_out(LIBRARY)
    running = start(workspace, plug, WorkWindow())
    plug.pulled = True
    running.run()
    assert running.worker.extracted == []
    told = "4 videos wait until the computer is plugged in, because work.on_battery is false; "
    assert notes(running) == [f"{told}new ones are looked at at once"]
    assert running.loop.pipeline.wake_at() == workspace.clock.now + LOOK_SECONDS
    plug.pulled = False
    running.run()
    assert (running.worker.extracted, plug.looks) == ([], 1)  # one look a minute
    running.run(after=LOOK_SECONDS)
    assert len(running.worker.extracted) == 4


def test_the_battery_is_no_concern_unless_the_config_says_so(workspace: Workspace, plug: Plug) -> None:
    workspace.lay_out(LIBRARY)
    plug.pulled = True
    running = start(workspace, plug, WorkWindow(), with_battery=True)
    running.run()
    assert (len(running.worker.extracted), plug.looks) == (4, 0)


def test_both_reasons_are_named(plug: Plug) -> None:
    plug.pulled = True
    hold = WorkHours(NIGHT, False, plug.is_pulled).hold(Clock(NOON)())
    assert hold is not None
    assert hold.of(1) == (
        "1 video waits until 22:00 and until the computer is plugged in, "
        "because work.window is 22:00-07:00 and work.on_battery is false; new ones are looked at at once"
    )
    assert hold.until == TEN_PM


def test_pictures_are_drawn_in_the_hours_of_work(workspace: Workspace) -> None:
    workspace.lay_out(LIBRARY)
    running = Running(workspace, Words(workspace.clock), pictures=1_000_000)
    running.worker.has_models = True
    workspace.clock.now = TEN_PM
    running.run()
    running.worker.has_models = False
    running.loop.pipeline.holding.hours = WorkHours(NIGHT)
    workspace.clock.now = TEN_PM + 12 * 3600.0
    running.run()
    assert running.worker.count(Pictures) == 0
    workspace.clock.now = TEN_PM + 24 * 3600.0
    running.run()
    assert len(running.worker.drawn) == 4
