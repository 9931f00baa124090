"""`setup` as a user meets it: questions at a terminal, with the real models."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from service.managers import Managers
from support.terminal import at_terminal

from sorterd.samples import SAMPLES

SETUP = (sys.executable, "-P", "-m", "sorterd", "setup")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its service is a systemd unit")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with some of the samples: they can be told apart without listening to speech."""
    home = tmp_path / "ann"
    for folder in ("beach", "cats"):
        shutil.copytree(SAMPLES / folder, home / "Videos" / "TikTok" / folder, ignore=shutil.ignore_patterns("*.py*"))
    for name in ("waves.mp4", "cat-at-home.mp4"):
        shutil.copy(SAMPLES / name, home / "Videos" / "TikTok")
    return home


@pytest.fixture
def environment(home: Path, managers: Managers) -> dict[str, str]:
    own = {"HOME": str(home), "PATH": str(managers.folder), "XDG_CONFIG_HOME": str(home / ".config")}
    return {**os.environ, **own, "XDG_STATE_HOME": str(home / ".state"), "OMP_NUM_THREADS": "1"}


@pytest.fixture
def managers(tmp_path: Path) -> Managers:
    managers = Managers(tmp_path / "bin")
    managers.there("systemctl", "loginctl")
    managers.answer({"enable-linger": (0, "", ""), "show-user": (0, "no\n", "")})
    return managers


def test_one_command_and_enter_lead_to_a_service(home: Path, environment: dict[str, str], managers: Managers) -> None:
    with at_terminal(SETUP, home, environment) as terminal:
        terminal.wait_for("another folder [1]:")
        assert "1  ~/Videos/TikTok  (14 videos, 12 of them in 2 folders)" in terminal.text
        terminal.type("\n")
        terminal.wait_for("It moves nothing.")
        terminal.type("\n")
        terminal.wait_for("Start it now")
        text = terminal.text
        assert "Looked at 14 of 14 videos" in text
        assert "The packaged models are used." in text
        assert "waves.mp4" in text
        assert "It would move 2 of the 2 unsorted videos that it has seen" in text
        terminal.type("\n")
        terminal.wait_for("Shall it start with the computer")
        terminal.type("n\n")
        assert terminal.ended() == 0
        assert "The service runs." in terminal.text
        assert "1. Is a video in the wrong folder?" in terminal.text
    assert "systemctl restart sorterd.service" in managers.asked
    assert "videos: ~/Videos/TikTok " in (home / ".config" / "sorterd" / "config.yaml").read_text()
    assert (home / "Videos" / "TikTok" / "waves.mp4").exists(), "nothing is moved before the service runs"


def test_another_folder_can_be_typed_dropped_into_the_terminal_or_made(home: Path, environment: dict[str, str]) -> None:
    with at_terminal(SETUP, home, environment) as terminal:
        terminal.wait_for("another folder [1]:")
        terminal.type("7\n")
        terminal.wait_for("There is no 7 in the list.")
        terminal.type("~\n")
        terminal.wait_for("holds more than videos")
        terminal.type("'~/my memes'\n")
        terminal.wait_for("Make it?")
        terminal.type("y\n")
        terminal.wait_for("There are no videos in it yet.")
        terminal.wait_for("Start it now")
        terminal.type("no\n")
        assert terminal.ended() == 0
        assert "Nothing is started." in terminal.text
    assert "videos: ~/my memes " in (home / ".config" / "sorterd" / "config.yaml").read_text()


@pytest.mark.parametrize(("key", "code"), [("\x04", 1), ("\x03", 130)])
def test_the_user_may_stop_at_any_question(home: Path, environment: dict[str, str], key: str, code: int) -> None:
    with at_terminal(SETUP, home, environment) as terminal:
        terminal.wait_for("another folder [1]:")
        assert terminal.ended_by(key) == code
        assert "nothing was moved" in terminal.text
        assert "Traceback" not in terminal.text
    assert not (home / ".config").exists()
    with at_terminal([*SETUP, str(home / "Videos" / "TikTok")], home, environment) as terminal:
        terminal.wait_for("[Y/n]")
        assert terminal.ended_by(key) == code
    assert not (home / ".state" / "sorterd" / "sorterd.sqlite3").exists()


AGAIN = "To go on where this ended, type the same command again"


def test_ctrl_c_while_it_looks_or_starts_the_service_says_what_has_become_of_it_and_setup_goes_on(
    home: Path, environment: dict[str, str], managers: Managers
) -> None:
    before = {path: path.read_bytes() for path in (home / "Videos").rglob("*.mp4")}
    with at_terminal(SETUP, home, environment) as terminal:
        terminal.wait_for("another folder [1]:")
        terminal.type("\n")
        terminal.wait_for("It moves nothing.")
        terminal.type("\n")
        terminal.wait_for("Looking at videos of each folder")
        terminal.type("\x03")
        assert terminal.ended() == 130
        kept = f"interrupted; what was done so far is kept. {AGAIN}"
        assert kept.replace(" ", "") in "".join(terminal.text.split())
    starting = home / "starting"
    os.mkfifo(starting)
    (managers.folder / "systemctl").write_text(
        f'#!/bin/sh\ncase "$*" in *restart*) echo now > "{starting}"; exec /bin/sleep 60;; esac\n'
    )
    with at_terminal(SETUP, home, environment) as terminal:
        terminal.wait_for("It moves nothing.")
        terminal.type("n\n")
        terminal.wait_for("Start it now")
        terminal.type("\n")
        assert starting.read_text() == "now\n"
        terminal.type("\x03")
        assert terminal.ended() == 130
        said = "".join(terminal.text.split())  # lines may break at any word
        assert "theservicemayrunalready:" in said
        assert AGAIN.replace(" ", "") in said
        assert "nothingwasmoved" not in said
    assert {path: path.read_bytes() for path in (home / "Videos").rglob("*.mp4")} == before
