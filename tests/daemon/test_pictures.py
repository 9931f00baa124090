"""Videos that were known before get their pictures when there is nothing else to do, and nothing else changes."""

import pytest
from support.running import LIBRARY, POSTER, STRIP, Running, Words
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.pictures import files
from sorterd.worker.job_messages import Extract, Pictures, Predict, Train


@pytest.fixture
def running(workspace: Workspace) -> Running:
    workspace.lay_out({**LIBRARY, "new.mp4": b"cat 3"})
    return Running(workspace, Words(workspace.clock), pictures=1_000_000)


@pytest.fixture
def extracted(running: Running) -> Running:
    """All is done but the pictures, which would keep the models loaded."""
    running.worker.has_models = True
    running.run()
    running.worker.has_models = False
    return running


def predictions(running: Running) -> list[tuple[object, ...]]:
    return running.workspace.store.connection.execute("SELECT * FROM predictions").fetchall()


def test_pictures_are_drawn_last_and_change_nothing_else(running: Running) -> None:
    running.worker.has_models = True
    running.run()
    extracted, judged = list(running.worker.extracted), predictions(running)
    assert running.worker.count(Pictures) == 0  # it would keep the models loaded
    running.worker.has_models = False
    running.run()
    assert sorted(running.worker.drawn) == sorted(extracted)
    assert (running.worker.extracted, predictions(running)) == (extracted, judged)
    assert running.workspace.store.pictures.totals() == (5, 5 * len(POSTER + STRIP))
    running.run()
    assert running.worker.count(Pictures) == 2


def test_an_arrival_comes_before_the_next_batch_in_another_process(running: Running) -> None:
    running.workspace.lay_out({"dogs": {f"more {i}.mp4": b"dog %d more" % i for i in range(20)}})
    running.worker.has_models = True
    running.run()
    running.worker.has_models = False
    arrived = [b"cat 9"]

    def arrive(job: object) -> None:
        if isinstance(job, Pictures) and arrived:
            running.workspace.lay_out({"arrived.mp4": arrived.pop()})
            running.loop.sync.due_at = 0.0

    running.worker.before = arrive
    running.run()
    kinds = [type(job) for job in running.worker.jobs]
    first = kinds.index(Pictures)
    rest = kinds[first:]
    assert rest.index(Extract) <= 2
    assert {Train, Predict} & set(rest[: rest.index(Pictures, 3)]) == {Predict}
    assert running.worker.unloaded == 1
    assert running.workspace.store.pictures.totals()[0] == 26


def test_a_video_that_kills_the_worker_is_given_up_and_the_others_are_drawn(extracted: Running) -> None:
    extracted.worker.deadly.add(b"cat 2")
    for _ in range(6):
        extracted.run()
        extracted.workspace.clock.advance(24 * 3600.0)
    assert extracted.workspace.store.pictures.totals()[0] == 4
    last = extracted.worker.count(Pictures)
    extracted.run()
    assert extracted.worker.count(Pictures) == last
    assert extracted.workspace.store.features.failures() == []


def test_what_cannot_be_drawn_is_tried_once_unless_the_user_asks_for_more(extracted: Running) -> None:
    extracted.worker.broken[b"cat 1"] = "is damaged"
    for _ in range(3):
        extracted.run()
        extracted.workspace.clock.advance(24 * 3600.0)
    assert extracted.worker.count(Pictures) == 2
    assert extracted.workspace.store.pictures.totals()[0] == 4
    assert extracted.workspace.store.features.failures() == []
    extracted.worker.broken.clear()
    extracted.request(do="retry")
    extracted.run()
    assert extracted.workspace.store.pictures.totals()[0] == 5


def test_a_disk_that_takes_no_pictures_costs_nothing_but_them(running: Running) -> None:
    (running.workspace.state / files.FOLDER).write_bytes(b"no folder")
    running.worker.has_models = True
    running.run()
    running.worker.has_models = False
    running.run()
    assert len(running.worker.extracted) == 5
    assert len(predictions(running)) == 1
    assert ["could not be written" in fault.reason for fault in running.heard(Fault)] == [True]
    assert "pictures" in running.loop.problems[0]
