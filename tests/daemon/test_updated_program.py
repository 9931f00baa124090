"""A service that is updated while it runs."""

import os
from pathlib import Path

import pytest

from sorterd.activity import log_activity
from sorterd.config import load_config
from sorterd.daemon import service
from sorterd.daemon.app import RunOptions
from sorterd.service.program import InstalledProgram, ProgramReplaced


def test_a_service_whose_program_is_replaced_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed, videos, config = tmp_path / "__init__.py", tmp_path / "videos", tmp_path / "config.yaml"
    installed.write_text("__version__ = '0.1.0'\n")
    videos.mkdir()
    config.write_text(f"videos: {videos}\nstate_dir: {tmp_path / 'state'}\n")
    monkeypatch.setattr(service, "InstalledProgram", lambda: InstalledProgram(installed))
    turns: list[int] = []

    def update() -> float:
        assert not turns, "it goes on"
        turns.append(1)
        os.utime(installed, ns=(1, 1))
        return 0.0

    with pytest.raises(ProgramReplaced):
        service.run_service(load_config(config), RunOptions(), log_activity, chores=[update])
