"""What most commands begin with."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands.filed_library import Library
from sorterd.commands.context import named_file, print_json
from sorterd.commands.library import for_folder, found_state
from sorterd.config import Config
from sorterd.library.places import look_at
from sorterd.service.lock import StateLock
from sorterd.store.schema import MIGRATIONS
from sorterd.store.store import DATABASE


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    (tmp_path / "videos" / "cats" / "a.mp4").touch()
    return Config(videos=tmp_path / "videos", state_dir=tmp_path / "state")


def test_a_path_may_be_absolute_from_here_or_from_the_videos(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(config.videos / "cats")
    for typed in (config.videos / "cats" / "a.mp4", Path("a.mp4"), Path("../cats/a.mp4"), Path("cats/a.mp4")):
        assert named_file(typed, config, *look_at(config.videos)).path == "cats/a.mp4"


def test_a_path_through_a_symlink_to_the_root_is_the_same(config: Config, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(config.videos)
    assert named_file(tmp_path / "link" / "cats" / "a.mp4", config, *look_at(config.videos)).path == "cats/a.mp4"


def test_a_file_that_is_a_symlink_is_not_followed(config: Config, tmp_path: Path) -> None:
    (config.videos / "b.mp4").symlink_to(tmp_path / "elsewhere.mp4")
    assert named_file(config.videos / "b.mp4", config, *look_at(config.videos)).path == "b.mp4"


def test_in_a_folder_that_is_gone_paths_are_those_below_the_videos(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert named_file(Path("cats/a.mp4"), config, *look_at(config.videos)).path == "cats/a.mp4"


def test_what_is_not_there_is_asked_for_as_it_was_typed(config: Config) -> None:
    assert named_file(Path("cats/gone.mp4"), config, *look_at(config.videos)).path == "cats/gone.mp4"


def test_each_folder_tried_without_a_config_has_its_own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, same, other = for_folder(Path("one")), for_folder(tmp_path / "one"), for_folder(tmp_path / "other")
    assert one.videos == tmp_path / "one"
    states = [found_state(config)[0].state_dir for config in (one, same, other)]
    assert states[0] == states[1] != states[2]


def test_a_folder_has_one_state_however_it_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two states have two locks, so that two services would sort one library."""
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "videos")
    monkeypatch.chdir(tmp_path / "videos" / "cats")
    typed = ("..", tmp_path / "videos", tmp_path / "link")
    assert len({found_state(for_folder(Path(one)))[0].state_dir for one in typed}) == 1


def test_json_is_ascii_whatever_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"path": "caf\udce9 🐈\x1b.mp4"}
    print_json(document)
    said = capsys.readouterr().out
    assert said.isascii()
    assert json.loads(said) == document


def test_without_a_service_an_older_database_is_brought_up_to_date_by_what_looks_at_the_videos(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.type("log")  # so that there is nothing new to look at
    for module in ("database", "reading"):
        later = (*MIGRATIONS, "ALTER TABLE files ADD COLUMN colour TEXT")
        monkeypatch.setattr(f"sorterd.store.{module}.MIGRATIONS", later)
    for command, version in (("status", 0), ("log", 1)):
        library.type(command)
        with closing(sqlite3.connect(library.workspace.state / DATABASE)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + version,)


def test_an_older_service_that_runs_keeps_its_database_and_is_spoken_of(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("database", "reading"):
        later = (*MIGRATIONS, "ALTER TABLE files ADD COLUMN colour TEXT")
        monkeypatch.setattr(f"sorterd.store.{module}.MIGRATIONS", later)
    with StateLock(library.workspace.state):
        said = library.type("status")
    how = f"restart it (stop process {os.getpid()}, then start it as before)"
    assert (said.code, f"the service that runs is of an older version: {how}" in said.err) == (0, True)
    with closing(sqlite3.connect(library.workspace.state / DATABASE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
