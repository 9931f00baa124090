"""A real service that may not look everywhere: what it cannot see is neither gone nor anything to learn from."""

import json
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.cheap_service import CHEAP
from support.service import Service, running, sorterd
from support.words import drop, library

# Root may look everywhere, unless it gives up the right to.
LIMITED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    if LIMITED:
        try:
            subprocess.run([*LIMITED, "true"], check=True, capture_output=True)
        except (FileNotFoundError, subprocess.CalledProcessError) as error:
            pytest.skip(f"root's rights cannot be limited here: {error}")
    yield library(tmp_path, "settle_seconds: 0.1, rescan_seconds: 0.5")
    (tmp_path / "videos").chmod(0o755)
    (tmp_path / "videos" / "dogs").chmod(0o755)


def status(config: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sorterd(config, "status", "--json").stdout)
    return found


def looks_again(service: Service, config: Path, word: str, number: int) -> None:
    """Something else happens and is dealt with, so that a look lies between."""
    drop(config.parent, word, number, f"{number}.mp4")
    assert service.wait_for("moved", path=f"{number}.mp4", patience=30)["folder"] == word


def test_a_folder_that_may_not_be_read_keeps_its_videos_and_the_rest_goes_on(config: Path) -> None:
    dogs = config.parent / "videos" / "dogs"
    with running(config, (*LIMITED, *CHEAP)) as service:
        service.wait_for("trained", in_use=True)
        dogs.chmod(0)
        said = service.becomes(partial(status, config), lambda said: bool(said["errors"]))
        assert [(error["path"], "ermission denied" in error["reason"]) for error in said["errors"]] == [("dogs", True)]
        looks_again(service, config, "cats", 8)
        drop(config.parent, "dogs", 9, "9.mp4")  # it is sure where that belongs, and may not put it there
        said = service.becomes(
            partial(status, config), lambda said: any(error["path"] == "9.mp4" for error in said["errors"])
        )
        assert said["categories"]["dogs"] == {"user": 3, "auto": 0, "confirmed": 0}
        assert (config.parent / "videos" / "9.mp4").exists()
        assert not service.events("trained")[1:], "nothing was learned from it"
        assert {line["path"] for line in service.events("noticed")} == {"8.mp4", "9.mp4"}
        dogs.chmod(0o755)
        service.becomes(
            partial(status, config), lambda said: not any(error["path"] == "dogs" for error in said["errors"])
        )
        looks_again(service, config, "dogs", 10)
        assert service.stop() == 0


def test_a_root_that_may_not_be_read_stops_everything_until_it_may(config: Path) -> None:
    root = config.parent / "videos"
    with running(config, (*LIMITED, *CHEAP)) as service:
        service.wait_for("trained", in_use=True)
        root.chmod(0)
        said = service.becomes(partial(status, config), lambda said: not said["watcher"]["healthy"])
        assert "may not" in said["watcher"]["reason"] or "ermission" in said["watcher"]["reason"]
        assert said["categories"]["dogs"] == {"user": 3, "auto": 0, "confirmed": 0}
        root.chmod(0o755)
        looks_again(service, config, "cats", 8)
        assert not service.events("trained")[1:]
        assert {line["path"] for line in service.events("noticed")} == {"8.mp4"}
        assert service.stop() == 0
