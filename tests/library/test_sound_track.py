"""Whether a video has sound is read from a few bytes, and compared with a real decoder."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.films import film, sound_only

from sorterd.library.sound_track import has_sound

KINDS = ["mp4", "mov", "m4v", "mkv", "webm"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_video_with_sound_has_sound_and_one_without_has_none(tmp_path: Path, kind: str) -> None:
    codec = "libvpx" if kind == "webm" else "libx264"
    assert has_sound(film(tmp_path / f"a.{kind}", seconds=0.5, codec=codec, sound="sine")) is True
    assert has_sound(film(tmp_path / f"b.{kind}", seconds=0.5, codec=codec)) is False


def test_a_sound_track_alone_is_sound(tmp_path: Path) -> None:
    assert has_sound(sound_only(tmp_path / "a.mp4", seconds=0.5)) is True


@pytest.mark.parametrize(
    "content", [b"", b"a text", b"\0" * 100, b"\x1aE\xdf\xa3", b"\0\0\0\x18ftypisom", b"FLV\x01" + bytes(50)]
)
def test_the_sound_of_other_files_is_unknown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    assert has_sound(tmp_path / "a.mp4") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_damage_does_harm(tmp_path: Path, data: st.DataObject) -> None:
    whole = tmp_path / data.draw(st.sampled_from(["a.mp4", "a.mkv"]))
    content = bytearray((whole if whole.exists() else film(whole, seconds=0.2, sound="sine")).read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "b").write_bytes(content[: data.draw(st.integers(0, len(content)))])
    assert has_sound(tmp_path / "b") in (True, False, None)
