"""A library is looked at first and sorted later, by the same version: that is no update, so nothing is put off."""

from pathlib import Path

import pytest
from support.cheap_service import WORKER
from support.words import drop, library

from sorterd.activity import Activity
from sorterd.config import load_config
from sorterd.daemon.app import RunOptions, open_app


def once(config: Path, options: RunOptions) -> None:
    heard: list[Activity] = []
    with open_app(load_config(config), options, heard.append, print) as app:
        app.loop.run(until_idle=True, patience=60.0)


@pytest.mark.parametrize(
    ("first", "settings"),
    [
        (RunOptions(worker=WORKER, at_once=True, sorting="report"), ""),  # `run --dry-run`, `setup`, `predict`
        (RunOptions(worker=WORKER, at_once=True), "move: {dry_run: true}\n"),
        (RunOptions(worker=WORKER, at_once=True), "move: {enabled: false}\n"),
    ],
)
def test_the_first_run_after_a_dry_run_moves_what_it_showed(tmp_path: Path, first: RunOptions, settings: str) -> None:
    config = library(tmp_path)
    drop(tmp_path, "cats", 9, "new.mp4")
    (tmp_path / "state").mkdir()
    text = config.read_text()
    config.write_text(text + settings)
    once(config, first)
    assert (tmp_path / "videos" / "new.mp4").exists()
    config.write_text(text)
    once(config, RunOptions(worker=WORKER, at_once=True))
    assert (tmp_path / "videos" / "cats" / "new.mp4").exists()
