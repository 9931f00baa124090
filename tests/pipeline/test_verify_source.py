"""A file that is replaced between reading it and extracting it: its features never pass for those of another."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.running import Running, Words
from support.words import SPACE
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.backoff import FIRST_DELAY
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Extract, Job
from sorterd.worker.report_messages import Extracted, Report


@pytest.fixture
def running(workspace: Workspace) -> Running:
    workspace.lay_out({"cats": {"c.mp4": b"cat 1"}, "dogs": {"d.mp4": b"dog 1"}, "a.mp4": b"lion 1"})
    return Running(workspace, Words(workspace.clock))


def by_another(path: Path) -> None:
    path.with_name("aside").write_bytes(b"bird 1")
    path.with_name("aside").replace(path)


def in_place(path: Path) -> None:
    path.write_bytes(b"bird 1")
    os.utime(path, ns=(1, 1))


def by_one_that_is_broken(path: Path) -> None:
    by_another(path)
    path.write_bytes(b"junk 1")


def when_given_out(running: Running, act: Callable[[Path], object]) -> None:
    """Let something happen to a.mp4 once the worker was told to look at it; once."""
    left = [act]

    def before(job: Job) -> None:
        if isinstance(job, Extract) and left and any(item.path.endswith(b"a.mp4") for item in job.items):
            left.pop()(running.workspace.root / "a.mp4")

    running.worker.before = before


def features(running: Running) -> dict[str, bytes]:
    """For each content that has features what was extracted from it."""
    features = running.workspace.store.features
    found = (features.get(video, SPACE) for video in features.extracted(SPACE))
    return {one.fingerprint: one.vector for one in found if one is not None}


@pytest.mark.parametrize("replaced", [by_another, in_place])
def test_what_came_into_its_place_has_its_own_features(running: Running, replaced: Callable[[Path], None]) -> None:
    before = running.workspace.content("a.mp4")
    when_given_out(running, replaced)
    running.run()
    running.run(after=2.0)
    assert features(running)[running.workspace.content("a.mp4")] == b"bird"
    assert running.workspace.store.features.get(before, SPACE) is None, "nothing passes for what is gone"
    assert running.workspace.store.features.failures() == []


def test_what_came_into_its_place_and_is_known_by_now_does_not_lend_it_its_features(running: Running) -> None:
    """The look came while the worker was at it: what lies there is what we know, but not what was asked for."""
    before = running.workspace.content("a.mp4")

    def replaced_and_seen(path: Path) -> None:
        by_another(path)
        running.workspace.synchronize()

    when_given_out(running, replaced_and_seen)
    running.run()
    assert running.workspace.store.features.get(before, SPACE) is None


def test_a_broken_file_in_its_place_is_no_strike_for_what_lay_there(running: Running) -> None:
    original = running.workspace.content("a.mp4")
    running.worker.broken = {b"junk 1": "is not a video"}
    when_given_out(running, by_one_that_is_broken)
    running.run()
    running.run(after=2.0)
    assert running.workspace.store.features.attempts(original) == 0
    assert [failure.reason for failure in running.workspace.store.features.failures()] == ["is not a video"]


def test_a_video_that_was_renamed_while_it_was_looked_at_is_looked_at_again(running: Running) -> None:
    when_given_out(running, lambda path: path.rename(path.with_name("b.mp4")))
    running.run()
    assert running.worker.count(Extract) == 1, "it waits for the next look"
    running.run(after=2.0)
    assert features(running)[running.workspace.content("b.mp4")] == b"lion"
    assert running.workspace.store.features.next_retry() is None, "that was nobody's fault"
    assert FIRST_DELAY > 2.0


def filed(running: Running) -> None:
    running.request(do="file", paths=["a.mp4"], folder="cats")


def before_it_is_opened(running: Running) -> None:
    when_given_out(running, lambda _: filed(running))


def after_it_was_opened(running: Running) -> None:
    report, content, left = running.worker.report, running.workspace.content("a.mp4"), [filed]

    def reported(said: Report | WorkerLost) -> None:
        if isinstance(said, Extracted) and said.fingerprint == content and left:
            left.pop()(running)
        report(said)

    running.worker.report = reported


@pytest.mark.parametrize("moment", [before_it_is_opened, after_it_was_opened])
def test_a_video_that_was_moved_is_extracted_where_it_is(running: Running, moment: Callable[[Running], None]) -> None:
    moment(running)
    running.run()
    running.run(after=2.0)
    assert features(running)[running.workspace.content("cats/a.mp4")] == b"lion"
    assert running.workspace.store.features.next_retry() is None, "that was nobody's fault"
    assert running.heard(Fault) == []


def test_a_copy_is_not_blamed_for_what_came_into_the_place_of_the_other(running: Running) -> None:
    running.workspace.lay_out({"b.mp4": b"lion 1"})
    running.worker.broken = {b"junk 1": "is not a video"}
    when_given_out(running, by_one_that_is_broken)
    running.run()
    running.run(after=2.0)
    assert features(running)[running.workspace.content("b.mp4")] == b"lion"
    assert running.workspace.store.features.attempts(running.workspace.content("b.mp4")) == 0
