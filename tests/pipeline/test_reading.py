"""Captions are read before anything else, again when they change, and never at the cost of the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.running import LIBRARY, Running, Words
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.pipeline.reading import BATCH
from sorterd.worker.job_messages import Describe, Extract, Job, Read


@pytest.fixture
def running(tmp_path: Path) -> Running:
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", captions=True)
    workspace.lay_out({**LIBRARY, "new.mp4": b"lion 1"})
    return Running(workspace, Words(workspace.clock, width=32))


def write(running: Running, name: str, text: str) -> None:
    (running.workspace.root / name).write_text(text)


def texts(running: Running) -> dict[str, str]:
    """Return the caption of each video that has one."""
    store = running.workspace.store
    found = {file.path: store.captions.get(file.fingerprint) for file in store.files.known().files.values()}
    return {path: caption.text for path, caption in found.items() if caption is not None and caption.text}


def read(running: Running) -> list[int]:
    """Return how many captions each job has read."""
    return [len(job.items) for job in running.worker.given(Read)]


def test_captions_are_read_before_the_models_are_asked_for(running: Running) -> None:
    write(running, "new.txt", "cat on a mat")
    running.run()
    assert [type(job) for job in running.worker.jobs[:2]] == [Read, Describe]
    assert read(running) == [5]
    assert texts(running) == {"new.mp4": "cat on a mat"}


def test_only_a_caption_that_comes_or_changes_is_read_again_and_no_video_is_extracted_again(running: Running) -> None:
    running.run()
    extracted = list(running.worker.extracted)
    write(running, "cats/c1.txt", "cat again")
    running.run()
    assert texts(running) == {"cats/c1.mp4": "cat again"}
    write(running, "cats/c1.txt", "another cat")
    running.run()
    assert texts(running) == {"cats/c1.mp4": "another cat"}
    (running.workspace.root / "cats/c1.txt").unlink()
    running.run()
    assert texts(running) == {}
    assert read(running) == [5, 1, 1, 1]
    assert running.worker.extracted == extracted


def test_switched_off_no_caption_is_read(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "videos", tmp_path / "state")
    workspace.lay_out({**LIBRARY, "new.mp4": b"cat 3", "new.txt": b"cat"})
    running = Running(workspace, Words(workspace.clock)).run()
    assert read(running) == []


def test_a_caption_that_ends_the_worker_is_blamed_alone_and_counts_as_missing(running: Running) -> None:
    running.worker.deadly = {b"poison"}
    write(running, "cats/c1.txt", "poison")
    write(running, "new.txt", "cat on a mat")
    running.run()
    assert texts(running) == {"new.mp4": "cat on a mat"}
    (fault,) = running.heard(Fault)
    assert fault.path == "cats/c1.mp4"
    assert "poison" not in fault.reason
    assert len(running.worker.extracted) == 5, "the video itself is looked at"
    write(running, "cats/c1.txt", "harmless")
    running.run()
    assert texts(running)["cats/c1.mp4"] == "harmless"


def test_a_stage_that_fails_keeps_nothing_else_from_being_done(running: Running) -> None:
    running.worker.failing["read"] = "the embedded models are damaged"
    running.run()
    assert len(running.worker.extracted) == 5
    assert running.loop.problems == ["the embedded models are damaged"]
    assert read(running) == [5]


def test_many_captions_are_read_in_batches_and_new_arrivals_first(running: Running) -> None:
    running.take_in({f"{n}.mp4": b"dog 1%d" % n for n in range(BATCH + 30)})
    assert read(running) == [BATCH, 35]
    assert max(n for n, job in enumerate(running.worker.jobs) if isinstance(job, Read)) < min(
        n for n, job in enumerate(running.worker.jobs) if isinstance(job, Extract)
    )


def test_what_cannot_be_read_just_now_is_read_again_and_later_each_time(running: Running) -> None:
    write(running, "new.txt", "cat on a mat")
    running.worker.unavailable = True
    running.run()
    assert texts(running) == {"new.mp4": "cat on a mat"}, "what is known of it is better than nothing"
    for wait in (29, 2, 230, 20):  # 30 s and 240 s after each try
        running.run(after=wait)
    assert read(running) == [5, 5, 5]
    write(running, "new.txt", "another cat on a mat")
    running.worker.unavailable = False
    running.run(after=2000)
    assert read(running)[3:] == [5]
    assert texts(running) == {"new.mp4": "another cat on a mat"}
    running.run(after=10**6)
    assert len(read(running)) == 4


def test_a_known_caption_stays_while_its_source_cannot_be_read(running: Running) -> None:
    write(running, "new.txt", "cat on a mat")
    running.run()
    running.worker.unavailable = True
    write(running, "new.txt", "")
    running.run()
    assert texts(running) == {"new.mp4": "cat on a mat"}


def dragged(running: Running) -> None:
    for name in ("new.mp4", "new.txt"):
        (running.workspace.root / name).rename(running.workspace.root / "cats" / name)


def filed(running: Running) -> None:
    running.request(do="file", paths=["new.mp4"], folder="cats")


@pytest.mark.parametrize("moved", [dragged, filed])
def test_a_caption_is_read_where_its_video_has_gone(running: Running, moved: Callable[[Running], None]) -> None:
    write(running, "new.txt", "cat on a mat")
    left = [moved]

    def before(job: Job) -> None:
        if isinstance(job, Read) and left:
            left.pop()(running)

    running.worker.before = before
    running.run()
    running.run(after=2.0)
    assert texts(running) == {"cats/new.mp4": "cat on a mat"}
    assert read(running) == [5, 1]
