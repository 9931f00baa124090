"""The status, for people."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from sorterd.report.status_page import print_status

STATUS: dict[str, Any] = {
    "videos": "/videos",
    "running": True,
    "pid": 7,
    "watcher": {"backend": "inotify", "healthy": True, "reason": ""},
    "activity": "extracting",
    "models": "embedded",
    "device": "cpu",
    "model": None,
    "inbox": 0,
    "queue": {"pending": 0, "failed": 0},
    "moves": {"total": 0, "undone": 0, "corrected": 0},
    "categories": {},
    "missing": [],
    "errors": [],
}


def shown(**changes: object) -> list[str]:
    out = StringIO()
    print_status({**STATUS, **changes}, Console(file=out, width=200, color_system=None))
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("pending", "rate", "line"),
    [
        (0, None, "0 videos wait to be looked at"),
        (1, None, "1 video waits to be looked at"),
        (12_000, 50.0, "12,000 videos wait to be looked at (50 per minute, about 4 hours left)"),
        (0, 50.0, "0 videos wait to be looked at"),
    ],
)
def test_the_queue_says_how_many_wait_and_how_long_that_takes(pending: int, rate: float | None, line: str) -> None:
    lines = shown(queue={"pending": pending, "failed": 0}, videos_per_minute=rate)
    assert [" ".join(one.split()) for one in lines if one.startswith("queue")] == [f"queue {line}"]


def test_one_video_in_the_inbox_is_one_video() -> None:
    assert [" ".join(one.split()) for one in shown(inbox=1) if one.startswith("inbox")] == ["inbox 1 video"]


def test_where_the_models_run_is_said_if_it_is_not_one_place() -> None:
    mixed = {"pictures": "cpu", "words": "cpu", "speech": "cuda"}
    trouble = "pictures and words on the processor until the next start: the graphics card refused: out of memory"
    lines = [" ".join(one.split()) for one in shown(device="cuda", devices=mixed, device_troubles=[trouble])]
    assert "models embedded on cuda (pictures on cpu, words on cpu, speech on cuda)" in lines
    assert f"device {trouble}" in lines
    for devices in (None, dict.fromkeys(mixed, "cuda"), {**mixed, "speech": ""}):
        assert any(" ".join(one.split()) == "models embedded on cpu" for one in shown(devices=devices))


def test_videos_that_lie_there_more_than_once_are_counted() -> None:
    copies = [["a (1).mp4", "a.mp4"], ["b.mp4", "cats/b.mp4", "dogs/b.mp4"]]
    (line,) = [line for line in shown(duplicates=copies) if line.startswith("copies")]
    assert line.split(None, 1)[1].strip() == (
        "2 videos lie there more than once, 3 files more than needed ('sorterd doctor' names them)"
    )
    assert not [line for line in shown(duplicates=[]) if line.startswith("copies")]
