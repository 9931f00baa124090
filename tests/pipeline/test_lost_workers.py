"""One worker of several is lost, ends over a video, or cannot do its job: whose fault it is, and who goes on."""

from pathlib import Path

import pytest
from support.two_workers import PC, Two, contents, two_workers
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.backoff import FIRST_DELAY
from sorterd.store.settings import SPACE as SPACE_IN_USE
from sorterd.worker.job_messages import Extract
from sorterd.worker.report_messages import DeviceRefused, JobFailed, Started


@pytest.fixture
def two(workspace: Workspace) -> Two:
    return two_workers(workspace)


def test_a_worker_that_was_lost_is_tried_again_after_a_while(two: Two) -> None:
    two.until_given()
    two.there.is_lost()
    two.running.run()
    two.running.workspace.lay_out({f"{n}.mp4": b"cat %d" % n for n in range(20, 40)})
    two.running.run()
    assert two.there.kept == []
    two.running.workspace.clock.advance(FIRST_DELAY)
    two.running.workspace.lay_out({f"{n}.mp4": b"cat %d" % n for n in range(40, 60)})
    two.running.loop.sync.due_at = 0.0
    two.until_given()


def test_what_was_in_flight_at_a_crash_is_tried_alone_and_here(two: Two) -> None:
    two.until_given()
    suspects = [item.fingerprint for item in two.there.kept[0].items[:3]]
    for video in suspects:
        two.there.report(Started(two.there.kept[0].job, video))
    two.turn()
    two.there.kept.clear()
    two.running.restart()
    two.running.worker.jobs.clear()
    two.until_given()
    alone = two.running.worker.given(Extract)[: len(suspects)]
    assert sorted(job.items[0].fingerprint for job in alone) == sorted(suspects)
    assert {len(job.items) for job in alone} == {1}
    two.finish()
    assert two.running.workspace.store.features.failures() == []


def test_what_a_lost_machine_had_begun_is_extracted_here(two: Two) -> None:
    two.until_given()
    job = two.there.kept[0]
    begun = Path(job.items[0].path.decode()).read_bytes()
    two.there.report(Started(job.job, job.items[0].fingerprint))
    two.there.is_lost()
    two.turn()
    two.running.loop.pipeline.dispatch.leave(PC)
    two.running.loop.pipeline.dispatch.join(PC, two.there)
    two.finish()
    assert two.there.extracted
    assert begun in two.running.worker.extracted
    assert two.extracted() == contents()
    assert two.running.workspace.store.features.failures() == []
    assert [fault.reason for fault in two.running.heard(Fault)] == ["gaming-pc has not answered for 20 s"]


def test_a_video_that_ends_the_other_worker_is_to_blame_and_no_other(two: Two) -> None:
    two.there.deadly = {b"cat 9", b"cat 99"}
    two.running.worker.deadly = set(two.there.deadly)
    two.there.hands = two.running.worker.hands = 3
    two.running.workspace.lay_out({"cat 99.mp4": b"cat 99"})
    two.finish()
    failures = two.running.workspace.store.features.failures()
    assert {(one.path, one.attempts) for one in failures} == {("cat/cat9.mp4", 1), ("cat 99.mp4", 1)}
    assert two.extracted() == [content for content in contents() if content != b"cat 9"]


@pytest.mark.parametrize("hands", [1, 3])
def test_by_the_word_of_another_machine_alone_no_video_fails(two: Two, hands: int) -> None:
    two.there.deadly = set(contents())
    two.there.hands = hands
    two.finish()
    assert two.there.jobs
    assert two.running.workspace.store.features.failures() == []
    assert two.extracted() == contents()


@pytest.mark.parametrize("end", [JobFailed, DeviceRefused])
def test_another_machine_that_cannot_do_it_waits_for_itself(two: Two, end: type[JobFailed | DeviceRefused]) -> None:
    two.until_given()
    for job in two.there.kept:
        reason = "no memory is left"
        two.there.report(JobFailed(job.job, reason) if end is JobFailed else DeviceRefused(job.job, "speech", reason))
    two.there.kept.clear()
    two.running.run()
    pipeline = two.running.loop.pipeline
    assert two.running.worker.extracted
    assert two.extracted() == contents()
    assert pipeline.pauses.reasons == ["gaming-pc cannot work: no memory is left"]
    assert pipeline.card.troubles == ()
    assert two.running.worker.unloaded == 0
    assert two.running.workspace.store.notes.get(SPACE_IN_USE) is not None
    pipeline.dispatch.leave(PC)
    assert pipeline.pauses.reasons == []


def test_a_video_that_cannot_be_read_elsewhere_is_read_here_and_only_that_counts(two: Two) -> None:
    two.there.broken = dict.fromkeys(contents(), "no such codec there")
    two.running.worker.broken = {b"dog 3": "no picture"}
    two.finish()
    assert two.there.jobs
    assert two.there.extracted == []
    assert sorted(two.running.worker.extracted) == [content for content in contents() if content != b"dog 3"]
    (failure,) = two.running.workspace.store.features.failures()
    assert (failure.path, failure.reason) == ("dog/dog3.mp4", "no picture")


def test_others_go_on_while_the_worker_here_cannot_extract(two: Two) -> None:
    two.running.worker.failing = {"extract": "no memory is left"}
    two.until_given()
    assert isinstance(two.running.loop.pipeline.busy.shown, Extract), "what others do is shown"
    two.finish()
    assert sorted(two.there.extracted) == contents()
    assert two.running.loop.pipeline.pauses.reasons == ["no memory is left"]
