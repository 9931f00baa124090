import os
import time
from pathlib import Path

import pytest
from support.films import film
from support.tree import make

from sorterd.library.unfinished import JOIN_SECONDS, why_unfinished


@pytest.mark.parametrize(
    "beside", ["a.mp4.part", "a.mp4.aria2", "a.Ab12Cd34.mp4.part", "a.temp.mp4", "a.mp4.1a2b3c4d.partial"]
)
def test_a_file_beside_a_video_can_say_that_it_is_unfinished(tmp_path: Path, beside: str) -> None:
    make(tmp_path, {"a.mp4": b"1", "b.mp4": b"2", beside: b""})
    assert why_unfinished(tmp_path / "a.mp4", time.time()) is not None
    assert why_unfinished(tmp_path / "b.mp4", time.time()) is None
    (tmp_path / beside).unlink()
    assert why_unfinished(tmp_path / "a.mp4", time.time()) is None


def test_a_track_is_unfinished_for_an_hour_after_the_last_change_of_its_download(tmp_path: Path) -> None:
    make(tmp_path, {"a.f137.mp4": b"1", "a.f140.m4a.part": b"2", "[x] b.f137.mp4": b"3"})
    now = time.time()
    assert why_unfinished(tmp_path / "a.f137.mp4", now) is not None
    assert why_unfinished(tmp_path / "[x] b.f137.mp4", now) is not None
    assert why_unfinished(tmp_path / "a.f137.mp4", now + JOIN_SECONDS + 10) is None
    os.utime(tmp_path / "a.f140.m4a.part", (now + JOIN_SECONDS,) * 2)
    assert why_unfinished(tmp_path / "a.f137.mp4", now + JOIN_SECONDS + 10) is not None


def test_an_unknown_id_makes_a_track_only_of_a_silent_video(tmp_path: Path) -> None:
    silent, loud = film(tmp_path / "a.fqrs.mp4", seconds=0.2), film(tmp_path / "b.fqrs.mp4", seconds=0.2, sound="sine")
    assert why_unfinished(silent, time.time()) is not None
    assert why_unfinished(loud, time.time()) is None


def test_a_file_that_is_gone_has_no_reason(tmp_path: Path) -> None:
    assert why_unfinished(tmp_path / "gone.f137.mp4", time.time()) is None
    assert why_unfinished(tmp_path / "nowhere" / "gone.mp4", time.time()) is None
