"""Videos that were in flight when sorterd itself ended: by a power cut, which is nobody's fault, or because one of them
takes the machine down, each time. That one is given up after three such ends, and its neighbours are extracted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from unittest.mock import patch

import pytest
from support.running import Off, Running, Words
from support.words import SPACE
from support.workspace import Workspace

from sorterd.pipeline.pipeline import Pipeline
from sorterd.store.settings import ENDS
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Extract
from sorterd.worker.report_messages import Extracted, Report, Started


@pytest.fixture
def running(workspace: Workspace) -> Running:
    workspace.lay_out(
        {"cats": {"c1.mp4": b"cat 1"}, "dogs": {"d1.mp4": b"dog 1"}, "a.mp4": b"poison 1", "b.mp4": b"cat 2"}
    )
    return Running(workspace, Words(workspace.clock))


@contextmanager
def the_power_goes(when: Callable[[Report | WorkerLost], bool]) -> Iterator[None]:
    """Right after the daemon has taken in a report like that."""
    take = Pipeline.take

    def taken(work: Pipeline, report: Report | WorkerLost) -> object:
        found = take(work, report)
        if when(report):
            raise Off
        return found

    with patch.object(Pipeline, "take", taken), suppress(Off):
        yield


def begins_with(running: Running, path: str) -> Callable[[Report | WorkerLost], bool]:
    content = running.workspace.content(path)
    return lambda report: isinstance(report, Started) and report.fingerprint == content


def cut_off(running: Running, when: Callable[[Report | WorkerLost], bool], times: int) -> None:
    """Run it so many times, and start it again after the power went."""
    for _ in range(times):
        with the_power_goes(when):
            running.run()
        running.restart()


def extracted(running: Running) -> set[str]:
    store = running.workspace.store
    return {file.path for content in store.features.extracted(SPACE) for file in store.files.places(content)}


def test_a_video_that_takes_the_daemon_with_it_is_given_up_after_three_and_costs_only_itself(running: Running) -> None:
    at_poison = begins_with(running, "a.mp4")
    cut_off(running, at_poison, times=2)
    assert running.workspace.store.features.failures() == []
    cut_off(running, at_poison, times=1)
    running.run()
    assert extracted(running) == {"cats/b.mp4", "cats/c1.mp4", "dogs/d1.mp4"}
    (failure,) = running.workspace.store.features.failures()
    assert (failure.path, failure.failed) == ("a.mp4", True)
    assert failure.reason == "sorterd ended 3 times in a row while it looked at this alone"
    assert running.request(do="retry", path="a.mp4") == {"retried": 1}
    running.run()
    assert running.workspace.store.features.failures() == [], "it begins to count from the start"


def test_what_was_in_flight_when_the_power_went_is_tried_alone_and_next(running: Running) -> None:
    with the_power_goes(begins_with(running, "dogs/d1.mp4")):
        running.run()
    assert any(item.path.endswith(b"/d1.mp4") for item in running.worker.given(Extract)[-1].items)
    running.restart()
    batches: list[list[str]] = []
    running.worker.before = lambda job: batches.append(
        [item.path.decode().rpartition("/")[2] for item in job.items] if isinstance(job, Extract) else []
    )
    running.run()
    assert next(filter(None, batches)) == ["d1.mp4"]
    assert running.workspace.store.features.failures() == []


def test_many_power_cuts_at_different_videos_give_up_none(running: Running) -> None:
    for path in ["a.mp4", "b.mp4", "a.mp4", "a.mp4", "cats/c1.mp4", "a.mp4", "a.mp4", "dogs/d1.mp4"]:
        cut_off(running, begins_with(running, path), times=1)
    running.run()
    assert running.workspace.store.features.failures() == []
    assert len(extracted(running)) == 4


def test_ends_while_nothing_is_in_flight_count_for_nobody_and_the_suspect_is_remembered(running: Running) -> None:
    at_poison = begins_with(running, "a.mp4")
    for _ in range(2):
        cut_off(running, at_poison, times=1)
        running.restart()  # killed while the models are loaded
    assert running.workspace.store.features.failures() == []
    cut_off(running, at_poison, times=1)
    assert [failure.path for failure in running.workspace.store.features.failures()] == ["a.mp4"]


def test_a_video_that_was_extracted_at_last_has_no_ends_against_it(running: Running) -> None:
    at_poison, content = begins_with(running, "a.mp4"), running.workspace.content("a.mp4")
    cut_off(running, at_poison, times=2)
    with the_power_goes(lambda report: isinstance(report, Extracted) and report.fingerprint == content):
        running.run()
    running.restart().run()
    assert running.workspace.store.features.failures() == []
    assert running.workspace.store.notes.get(ENDS) is None


def test_what_was_in_flight_at_an_orderly_end_is_not_to_blame_for_it(running: Running) -> None:
    at_poison = begins_with(running, "a.mp4")
    for _ in range(4):
        with the_power_goes(at_poison):
            running.run()
        running.loop.pipeline.put_down()
        running.restart()
    assert running.workspace.store.features.failures() == []
