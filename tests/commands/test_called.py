"""What people are told to type can be typed, and is about the library that they asked about."""

from pathlib import Path

import pytest
from support.typed import typed

from sorterd.cli import parser
from sorterd.commands.called import call, program


def test_hints_name_the_same_library(tmp_path: Path) -> None:
    (tmp_path / "my videos").mkdir()
    named = ["--videos", str(tmp_path / "my videos")]
    hint = f"type `sorterd --videos '{tmp_path}/my videos' run --once --dry-run` first"
    assert hint in typed(*named, "evaluate").refused()
    assert f"`sorterd --videos '{tmp_path}/my videos' run`" in typed(*named, "status").done()


def test_a_program_outside_the_path_is_named_by_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "bin" / "sorterd"
    there.parent.mkdir()
    there.touch(mode=0o755)
    monkeypatch.setattr("sys.argv", [str(there), "status"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert program() == str(there)
    monkeypatch.setenv("PATH", str(there.parent))
    assert program() == "sorterd"
    monkeypatch.setattr("sys.argv", [str(tmp_path / "sorterd" / "__main__.py")])
    monkeypatch.setattr("sys.executable", "/my python")
    assert program() == "'/my python' -m sorterd"


def test_a_call_can_be_made_from_whatever_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    options = parser().parse_args(["--config", "c.yaml", "status"])
    assert call(options) == "sorterd --config c.yaml"
    assert call(options, absolute=True) == f"sorterd --config {tmp_path}/c.yaml"
    assert call(parser().parse_args(["status"])) == "sorterd"
