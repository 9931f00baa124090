"""How every command ends when its user has enough: one line and 130 for Ctrl-C, nothing at all for a closed pipe."""

import errno
import os
import signal
import subprocess
import sys
import time
from _thread import interrupt_main
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sorterd.cli import main
from sorterd.samples import SAMPLES

SORTERD = (sys.executable, "-m", "sorterd")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    path = tmp_path / "config.yaml"
    path.write_text("videos: videos\nstate_dir: state\nfeatures: {models: embedded, whisper: 'off'}\n")
    return path


def started(*arguments: str, stdout: int | None = subprocess.PIPE) -> subprocess.Popen[str]:
    return subprocess.Popen([*SORTERD, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def waits(tmp_path: Path) -> Path:
    """A config that is a pipe into which nobody writes: so a command waits in the middle of its work."""
    os.mkfifo(tmp_path / "config.yaml")
    return tmp_path / "config.yaml"


@pytest.mark.parametrize("command", ["run", "status"])
def test_ctrl_c_is_one_line_and_130(waits: Path, command: str) -> None:
    with started("--config", str(waits), *command.split()) as process:
        writer = wait_for_reader(waits)
        process.send_signal(signal.SIGINT)
        os.close(writer)  # Python may be about to read, and would only learn of the signal after that
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "sorterd: interrupted\n")


# One of each module: one place ends them all.
@pytest.mark.parametrize("command", ["train", "undo", "explain a.mp4", "models fetch", "service show"])
def test_ctrl_c_is_one_line_and_130_everywhere(waits: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    def interrupt() -> None:
        writer = wait_for_reader(waits)
        interrupt_main()  # of this process: it does what SIGINT does
        os.close(writer)

    with ThreadPoolExecutor(1) as other:
        other.submit(interrupt)
        code = main(["--config", str(waits), *command.split()])
    assert (code, capsys.readouterr().err) == (130, "sorterd: interrupted\n")


def wait_for_reader(pipe: Path) -> int:
    until = time.monotonic() + 60
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > until:  # ENXIO: nobody reads it yet
                raise
            time.sleep(0.01)


def test_ctrl_c_in_the_middle_of_the_doctors_trial_ends_all_of_it(config: Path) -> None:
    with started("--config", str(config), "doctor") as process:
        assert process.stdout is not None
        while "database" not in (line := process.stdout.readline()) and "free space" not in line:
            assert line
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "sorterd: interrupted\n")


def test_ctrl_c_while_it_sorts_says_that_nothing_is_lost(config: Path) -> None:
    (config.parent / "videos" / "a.mp4").write_bytes((SAMPLES / "mortgage.mp4").read_bytes())
    with started("--config", str(config), "run", "--once") as process:
        state = config.parent / "state" / "artifacts"
        until = time.monotonic() + 60
        while not state.exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "sorterd: interrupted; what was done so far is kept\n")


@pytest.mark.parametrize("command", ["status", "status --json", "review", "config check", "service show"])
def test_a_closed_pipe_is_no_error(config: Path, command: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with started("--config", str(config), *command.split(), stdout=writer) as process:
        os.close(writer)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Error" not in said
    assert "sorterd: " not in said  # how what went wrong is said
