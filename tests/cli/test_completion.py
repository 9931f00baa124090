"""What a shell completes."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sorterd.cli import main, parser
from sorterd.cli.parser import SHELLS

COMPLETE = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_shtab_sorterd
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["completion", "bash"]) == 0
    path = tmp_path / "script"
    path.write_text(capsys.readouterr().out)
    return path


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        (["st"], {"status"}),
        (["re"], {"retry", "report", "review", "resume"}),
        (["undo", "--"], {"--help", "--last", "--since", "--choose", "--dry-run", "--json", "--yes"}),
        (["log", "--by", ""], {"sorterd", "you"}),
        (["service", "in"], {"install"}),
        (["confirm", "ca"], {"cats", "cat.mp4"}),
        (["--videos", "ca"], {"cats"}),
    ],
)
def test_bash_completes_commands_options_and_files(
    script: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: list[str], completed: set[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cats").mkdir()
    (tmp_path / "cat.mp4").touch()
    command = ["bash", "-c", COMPLETE, "bash", str(script), "sorterd", *typed]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == completed, done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_a_script_that_names_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in (*parser().commands, "dry-run"))
    if shell != "bash":  # which shows none
        assert "Take moves back" in script
    if shutil.which(shell):  # else nobody here can read it
        subprocess.run([shell, "-n"], input=script, text=True, check=True)
