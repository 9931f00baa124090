"""Files that macOS keeps in a cloud only. There is no macOS here: its answers stand in at the border to the system."""

import ctypes
import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import av
import pytest

from sorterd import cloud
from sorterd.features.container import because, is_lasting


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The calls of setiopolicy_np of a process that thinks it is on macOS."""
    made: list[tuple[int, ...]] = []

    def setiopolicy_np(*arguments: int) -> int:
        made.append(arguments)
        return 0

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace(setiopolicy_np=setiopolicy_np))
    return made


def test_the_system_is_told_whether_reading_may_fetch(calls: list[tuple[int, ...]]) -> None:
    cloud.allow_downloads(False)
    cloud.allow_downloads(True)  # said as well: launchd starts its programs with "no"
    assert calls == [(3, 0, 1), (3, 0, 2)]


@pytest.mark.usefixtures("calls")
def test_a_system_without_such_files_is_left_alone_and_refusals_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace())
    cloud.allow_downloads(False)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace(setiopolicy_np=lambda *_: -1))
    monkeypatch.setattr(ctypes, "get_errno", lambda: errno.EINVAL)
    cloud.allow_downloads(False)
    monkeypatch.setattr(ctypes, "get_errno", lambda: errno.EPERM)
    with pytest.raises(OSError, match="setiopolicy_np"):
        cloud.allow_downloads(False)


def test_a_file_is_told_by_its_flag(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert cloud.holds_content((tmp_path / "a.mp4").stat())
    flags = {"here": 0x20, "in the cloud": 0x40000020}
    held = {name: cloud.holds_content(SimpleNamespace(st_flags=flag)) for name, flag in flags.items()}  # type: ignore[arg-type]
    assert held == {"here": True, "in the cloud": False}


def test_a_file_that_is_not_fetched_is_not_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = av.error.FFmpegError(errno.EDEADLK, os.strerror(errno.EDEADLK))
    assert is_lasting(refusal)  # a deadlock elsewhere means something else
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not is_lasting(refusal)
    assert (because(refusal).reason, because(refusal).transient) == (cloud.REASON, True)
