import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sorterd.service.program import InstalledProgram, ProgramReplaced


def another_version(file: Path) -> None:
    stamp = file.stat().st_mtime_ns
    file.write_text("__version__ = '0.2.0'\n")
    os.utime(file, ns=(stamp, stamp))  # as from a wheel whose files all have one date


def the_same_version_again(file: Path) -> None:
    os.utime(file, ns=(1, 1))


@pytest.mark.parametrize("install", [another_version, the_same_version_again, Path.unlink])
def test_an_update_or_removal_is_noticed(tmp_path: Path, install: Callable[[Path], None]) -> None:
    file = tmp_path / "__init__.py"
    file.write_text("__version__ = '0.1.0'\n")
    program = InstalledProgram(file)
    program.check()
    install(file)
    with pytest.raises(ProgramReplaced, match="updated or removed"):
        program.check()


def test_a_file_system_that_changes_inodes_is_no_update(tmp_path: Path) -> None:
    file = tmp_path / "__init__.py"
    file.write_text("__version__ = '0.1.0'\n")
    program = InstalledProgram(file)
    stamp = file.stat().st_mtime_ns
    (tmp_path / "copy").write_bytes(file.read_bytes())
    os.utime(tmp_path / "copy", ns=(stamp, stamp))
    (tmp_path / "copy").replace(file)
    program.check()


def test_the_program_that_runs_is_there() -> None:
    InstalledProgram().check()
