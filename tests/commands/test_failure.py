"""How a command ends when it cannot do what it was asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from sorterd.commands.failure import FAILED, MISUSED, CommandFailed, explained
from sorterd.config import ConfigError
from sorterd.library.scan import RootUnavailable
from sorterd.library.watch import WatchLimit
from sorterd.library.watch_failed import WatcherDied, WatchFailed
from sorterd.service.control import NoAnswer
from sorterd.service.lock import AlreadyRunning
from sorterd.store.database import StoreDamaged, StoreError, StoreTooNew


def ended(error: BaseException) -> int:
    with explained() as outcome:
        raise error
    return outcome.code


@pytest.mark.parametrize(
    "error",
    [
        *(kind("something is wrong") for kind in (CommandFailed, NoAnswer, RootUnavailable, WatcherDied)),
        *(kind("something is wrong") for kind in (WatchFailed, WatchLimit, StoreError, StoreDamaged, StoreTooNew)),
        AlreadyRunning(Path("/somewhere"), 7),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_expected_error_is_one_line_and_ends_with_1(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(error) == FAILED == 1
    assert capsys.readouterr().err == f"sorterd: {error}\n"


def test_a_mistake_in_the_config_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(ConfigError(None, ())) == MISUSED == 2
    assert "Traceback" not in capsys.readouterr().err


def test_names_in_errors_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    ended(CommandFailed("no video is known at \x1b[2Jcaf\udce9.mp4"))
    assert capsys.readouterr().err == "sorterd: no video is known at \\x1b[2Jcaf\\xe9.mp4\n"


def test_an_error_in_the_program_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        ended(ZeroDivisionError())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full here")
@pytest.mark.parametrize("document", [[], ["--json"]])
def test_a_disk_that_is_full_is_said_in_one_line(tmp_path: Path, document: list[str]) -> None:
    (tmp_path / "videos").mkdir()
    (tmp_path / "config.yaml").write_text("videos: videos\nstate_dir: state\n")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sorterd", "--config", str(tmp_path / "config.yaml"), "status", *document],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == FAILED
    assert done.stderr == "sorterd: the disk is full, so not all could be written: free some space and try again\n"
