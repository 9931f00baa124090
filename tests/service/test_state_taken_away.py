"""The state folder, or a file in it, is taken away from a real service.

The service says so and ends, and the next start knows what was ours. The models are a few lines, see
`support/cheap_worker.py`.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.cheap_service import CHEAP
from support.service import Service, running
from support.typed import asked
from support.words import drop, library

DATABASE, LOG = "sorterd.sqlite3", "sorterd.sqlite3-wal"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return library(tmp_path)


def sorted_one(service: Service, folder: Path) -> None:
    service.wait_for("trained", in_use=True)
    drop(folder, "cats", 9, "new.mp4")
    service.wait_for("moved", path="new.mp4")


def status(config: Path) -> dict[str, Any]:
    found: dict[str, Any] = asked(config, "status", "--json").json
    return found


def ended(service: Service) -> str:
    """Return what it printed after it ended by itself, with 1, so that the service manager starts it again."""
    assert service.process.wait(30) == 1
    service._reader.join(30)
    return "".join(line["line"] for line in service.events("other"))


def delete(name: str) -> Callable[[Path], object]:
    return lambda state: (state / name).unlink()


def replace(state: Path) -> None:
    shutil.copyfile(state / DATABASE, state / "other")
    (state / "other").replace(state / DATABASE)


def delete_folder(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))  # in one step, because files may be written into it meanwhile
    shutil.rmtree(folder.with_name("elsewhere"))


@pytest.mark.parametrize(
    ("take", "what"),
    [
        pytest.param(delete_folder, "state/", id="the folder"),
        pytest.param(replace, DATABASE, id="another database in its place"),
        pytest.param(delete(LOG), LOG, id="the log of the database"),
        pytest.param(delete("lock"), "lock", id="the lock"),
        pytest.param(delete("control.sock"), "control.sock", id="the socket"),
    ],
)
def test_it_ends_with_a_reason_and_remembers_our_moves(config: Path, take: Callable[[Path], object], what: str) -> None:
    with running(config, CHEAP) as service:
        sorted_one(service, config.parent)
        take(config.parent / "state")
        drop(config.parent, "cats", 10, "newer.mp4")  # wakes it up
        assert what in (said := ended(service))
        assert "was deleted or replaced while sorterd was running" in said
    with running(config, CHEAP) as service:
        service.wait_for("moved", path="newer.mp4")
        now = status(config)
        assert now["categories"]["cats"] == {"user": 3, "auto": 2, "confirmed": 0}
        assert now["moves"]["total"] == 2
        assert service.stop() == 0


@pytest.mark.parametrize("lost", [(DATABASE, LOG), (LOG,)], ids=["the database", "its log"])
def test_what_is_lost_after_a_kill_is_rebuilt_and_moves_can_be_undone(config: Path, lost: tuple[str, ...]) -> None:
    with running(config, CHEAP) as service:
        sorted_one(service, config.parent)
        service.kill()
    for name in lost:
        (config.parent / "state" / name).unlink()
    with running(config, CHEAP) as service:
        assert "from the journal come" in service.wait_for("trouble")["reason"]
        service.wait_for("trained", in_use=True)
        assert status(config)["categories"]["cats"] == {"user": 3, "auto": 1, "confirmed": 0}
        assert "new.mp4 is back" in asked(config, "undo").out
        assert (config.parent / "videos" / "new.mp4").exists()


def test_a_deleted_artifacts_folder_is_filled_again_by_a_worker_that_may_write_into_it(config: Path) -> None:
    artifacts = config.parent / "state" / "artifacts"
    with running(config, CHEAP) as service:
        sorted_one(service, config.parent)
        delete_folder(artifacts)
        drop(config.parent, "cats", 10, "newer.mp4")  # wakes it up
        service.wait_for("trained", in_use=True)
        service.wait_for("moved", path="newer.mp4")
        assert (artifacts / "model_config.json").exists()
        assert status(config)["worker"]["restarts"] == 0
        assert service.stop() == 0
