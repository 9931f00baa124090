"""A command whose output nobody reads any more goes on with what it does."""

import os
from pathlib import Path

import pytest

from sorterd.cli import main


def test_the_doctor_finds_the_same_when_its_pipe_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        code = main(["--config", str(tmp_path / "missing.yaml"), "doctor"])
    assert (code, capsys.readouterr().err) == (2, "1 problem.\n")
