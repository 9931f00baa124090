"""`run --once` and `extract` try everything now: the waits of the service do not count."""

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from support.cheap_service import WORKER
from support.words import drop, library

from sorterd.config import Config, MoveConfig, load_config
from sorterd.daemon.app import RunOptions, open_app
from sorterd.library.files import FileId
from sorterd.library.fingerprint import fingerprint
from sorterd.pipeline.schedule import Stage
from sorterd.store.journal_file import JOURNAL

ALL: frozenset[Stage] = frozenset({"extract", "train", "predict"})


def once(config: Config, stages: frozenset[Stage] = ALL) -> dict[str, bool]:
    """Make one pass over the library. Return the failures that are left, each with whether it was given up."""
    with open_app(config, RunOptions(at_once=True, stages=stages, worker=WORKER), lambda _: None, print) as app:
        app.loop.run(until_idle=True, patience=0.0)
        return {one.path: one.failed for one in app.store.features.failures()}


@pytest.mark.parametrize("stages", [ALL, frozenset({"extract", "export"})])
def test_one_pass_retries_failed_videos_but_not_those_given_up(tmp_path: Path, stages: frozenset[Stage]) -> None:
    config = load_config(library(tmp_path, "settle_seconds: 0"))
    config.state_dir.mkdir()
    for number, name in enumerate(("waits.mp4", "given up.mp4", "denied.mp4")):
        drop(tmp_path, "cats", 7 + number, name)
    content = {name: fingerprint(config.videos / name, lambda: False) for name in ("waits.mp4", "given up.mp4")}
    with open_app(config, RunOptions(worker=WORKER), lambda _: None, print) as app:
        later = time.time() + 3000.0
        features = app.store.features
        features.fail(content["waits.mp4"], "timed out", attempts=2, retry_at=later, failed=False)
        features.fail(content["given up.mp4"], "damaged", attempts=1, retry_at=later, failed=True)
        found = (config.videos / "denied.mp4").stat()
        id = FileId(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        features.set_unreadable("denied.mp4", id, "cannot be read", attempts=2, retry_at=later)
    assert once(config, stages) == {"given up.mp4": True}


@pytest.mark.parametrize(
    ("first", "move"),
    [
        (RunOptions(sorting="report"), MoveConfig()),  # `run --dry-run`, `setup`, `predict`
        (RunOptions(sorting="nothing"), MoveConfig()),
        (RunOptions(), MoveConfig(enabled=False)),
        (RunOptions(), MoveConfig(dry_run=True)),
    ],
)
def test_the_first_run_after_a_first_look_moves_and_sees_no_update(
    tmp_path: Path, first: RunOptions, move: MoveConfig
) -> None:
    config = load_config(library(tmp_path, "settle_seconds: 0"))
    config.state_dir.mkdir()
    drop(tmp_path, "cats", 7, "new.mp4")
    options = replace(first, worker=WORKER, at_once=True)
    with open_app(replace(config, move=move), options, lambda _: None, print) as app:
        app.loop.run(until_idle=True, patience=0.0)
        assert app.loop.pipeline.model is not None
    assert (config.videos / "new.mp4").exists()
    once(config)
    assert (config.videos / "cats" / "new.mp4").exists()


@pytest.mark.parametrize("settle", ["0", "1.2"])
def test_a_library_that_was_just_copied_with_its_journal_alone_is_done_in_one_pass(tmp_path: Path, settle: str) -> None:
    """Its videos are known from the journal before they have settled, so the first extraction finds other files."""
    old, new = tmp_path / "old", tmp_path / "new"
    config = load_config(library(old, "settle_seconds: 0"))
    config.state_dir.mkdir()
    for number in range(3):
        drop(old, "cats", 7 + number, f"new {number}.mp4")
    once(config)
    assert len(list(config.videos.glob("cats/*"))) == 6
    shutil.copytree(config.videos, new / "videos", copy_function=shutil.copyfile)
    (new / "state").mkdir()
    shutil.copy(config.state_dir / JOURNAL, new / "state")
    text = (old / "config.yaml").read_text().replace("settle_seconds: 0", f"settle_seconds: {settle}")
    (new / "config.yaml").write_text(text)
    options = RunOptions(at_once=True, worker=WORKER, accept_missing=True)
    with open_app(load_config(new / "config.yaml"), options, lambda _: None, print) as program:
        program.loop.run(until_idle=True, patience=30.0)
        assert program.loop.pipeline.pending == 0
        assert program.store.features.failures() == []
        assert program.loop.pipeline.model is not None
