"""What is said of the state folder, and that looking leaves no trace in it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sorterd.changes import KnownFile
from sorterd.config import Config
from sorterd.doctor.finding import Finding, Level
from sorterd.doctor.state import check_state, judge_access, judge_copies, judge_space, settled_settings
from sorterd.features.settings import FeatureSpace, extracted_modalities
from sorterd.library.files import FileId
from sorterd.pipeline import feature_space
from sorterd.store.settings import ROOT, VIDEOS
from sorterd.store.store import DATABASE, Store


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "videos").mkdir()
    return Config(videos=tmp_path / "videos", state_dir=tmp_path / "state")


def found(config: Config) -> dict[str, Finding]:
    return {finding.check: finding for finding in check_state(config)}


def stored(config: Config) -> Store:
    config.state_dir.mkdir(mode=0o700, exist_ok=True)
    return Store.open(config.state_dir)


def test_a_state_folder_that_is_not_there_yet_is_well_and_is_not_made(config: Config) -> None:
    assert {finding.level for finding in check_state(config)} == {"ok"}
    assert not config.state_dir.exists()


def test_a_sound_database_is_well_and_no_file_is_put_beside_it(config: Config) -> None:
    stored(config).close()
    before = {path.name: path.read_bytes() for path in config.state_dir.iterdir()}
    assert found(config)["database"].level == "ok"
    assert {path.name: path.read_bytes() for path in config.state_dir.iterdir()} == before


def test_what_a_running_service_has_not_yet_checkpointed_is_seen(config: Config) -> None:
    store = stored(config)
    store.notes.put(VIDEOS, "/elsewhere")
    assert "about /elsewhere" in found(config)["database"].says
    store.close()


def test_a_library_that_was_only_renamed_is_the_same(config: Config) -> None:
    store, identity = stored(config), config.videos.stat()
    store.notes.put(VIDEOS, "/its/old/name")
    store.notes.put(ROOT, [identity.st_dev, identity.st_ino])
    store.close()
    assert found(config)["database"].level == "ok"


def test_a_damaged_database_is_a_problem_with_the_way_out(config: Config) -> None:
    stored(config).close()
    (config.state_dir / DATABASE).write_bytes(b"not a database" * 100)
    finding = found(config)["database"]
    assert finding.level == "problem"
    assert "sorterd run" in finding.remedy


@pytest.mark.parametrize(("version", "level"), [(99, "problem"), (0, "ok")])
def test_a_newer_schema_is_a_problem_and_an_older_one_stays(config: Config, version: int, level: Level) -> None:
    stored(config).close()
    with closing(sqlite3.connect(config.state_dir / DATABASE)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    assert found(config)["database"].level == level
    with closing(sqlite3.connect(config.state_dir / DATABASE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)


def test_a_state_folder_open_to_others_or_not_our_own_is_told(tmp_path: Path) -> None:
    assert judge_access(tmp_path, 0o700, own=True, writable=True).level == "ok"
    assert judge_access(tmp_path, 0o755, own=True, writable=True).level == "warning"
    assert judge_access(tmp_path, 0o700, own=False, writable=True).level == "problem"
    assert judge_access(tmp_path, 0o500, own=True, writable=False).level == "problem"


@pytest.mark.parametrize(("free", "level"), [(2**40, "ok"), (2**29, "warning"), (2**20, "problem")])
def test_free_space_is_judged(tmp_path: Path, free: int, level: Level) -> None:
    assert judge_space(tmp_path, free).level == level


def test_auto_is_read_as_it_was_settled(config: Config) -> None:
    assert settled_settings(config).models == "auto"
    store = stored(config)
    feature_space.remember(
        store.notes, config.feature_settings(), FeatureSpace("s", extracted_modalities(1, 1), "embedded", "cpu")
    )
    store.close()
    assert settled_settings(config).models == "embedded"


def test_a_name_with_odd_characters_can_be_opened(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    config = Config(videos=tmp_path / "videos", state_dir=tmp_path / os.fsdecode(b"50% ?a#b \xff"))
    stored(config).close()
    assert found(config)["database"].level == "ok"


def test_copies_are_named_with_the_plainest_name_first_and_not_without_end() -> None:
    copies = [[f"{number} (1).mp4", f"{number}.mp4"] for number in range(30)]
    said = [finding.says for finding in judge_copies(copies)]
    assert said[0] == "the same video: 0.mp4, 0 (1).mp4"
    assert said[-1] == "and 10 more videos, all named by 'sorterd status --json'"
    assert len(said) == 21
    assert list(judge_copies([])) == []


def test_the_copies_in_the_database_are_found(config: Config) -> None:
    store = stored(config)
    for path, content in (("a.mp4", "one"), ("b.mp4", "one"), ("c.mp4", "two")):
        store.files.put(KnownFile(path, FileId(1, 2, 3, 4), content), now=1.0)
    store.close()
    assert found(config)["copies"].says == "the same video: a.mp4, b.mp4"
