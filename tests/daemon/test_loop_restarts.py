"""What the user did while the service was off, and what a restart in the middle of work costs."""

from pathlib import Path

import pytest
from support.running import LIBRARY, Off, Running, Words, sources
from support.workspace import Workspace

from sorterd.worker.job_messages import Job

DRAGS = [
    ("cats/a.mp4", "dogs/a.mp4"),
    ("cats/b.mp4", "b.mp4"),
    ("dogs", "hounds"),
    ("cats/c1.mp4", "../deleted.mp4"),
]


def test_what_the_user_did_while_it_was_off_is_learned_as_if_it_had_been_up(tmp_path: Path) -> None:
    outcomes = []
    for watched in (True, False):
        workspace = Workspace(tmp_path / f"videos {watched}", tmp_path / f"state {watched}")
        workspace.lay_out({**LIBRARY, "a.mp4": b"cat 3", "b.mp4": b"cat 4", "c.mp4": b"dog 3"})
        running = Running(workspace, Words(workspace.clock)).run()
        for source, target in DRAGS:
            workspace.drag(source, target)
            if watched:
                running.run()
        running.restart().run()
        rejections = {content: sorted(folders) for content, folders in workspace.store.files.rejections().items()}
        outcomes.append((workspace.known(), rejections, workspace.store.journal.counts(), workspace.on_disk()))
        assert len(running.worker.extracted) == len(set(running.worker.extracted))
        workspace.close()
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("job", range(1, 12))
def test_cut_off_at_any_job_it_goes_on_after_a_restart_and_repeats_nothing(workspace: Workspace, job: int) -> None:
    workspace.lay_out({**LIBRARY, "new.mp4": b"cat 3", "odd.mp4": b"spaceship 1"})
    worker = Words(workspace.clock)
    running = Running(workspace, worker)

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
    running.restart().run()
    assert sources(running) == {"cats/new.mp4": "auto", "odd.mp4": None}
    assert len(workspace.store.files.labels()) == 4


def committed(running: Running) -> set[str]:
    """The contents whose features are in the store."""
    store = running.workspace.store
    done = store.features.extracted("words-1")
    return {
        repr((running.workspace.root / file.path).read_bytes())
        for file in store.files.known().files.values()
        if file.fingerprint in done
    }
