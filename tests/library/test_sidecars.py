from __future__ import annotations

import time

import pytest

from sorterd.library.layout import Rules
from sorterd.library.sidecars import renamed, sidecars

is_video = Rules().is_video


def of(video: str, *names: str) -> list[str]:
    return sidecars(video, [video, *names], is_video)


def test_what_downloaders_put_beside_a_video_belongs_to_it() -> None:
    names = ["a.info.json", "a.description", "a.jpg", "a.webp", "a.srt", "a.live_chat.json", "a.NFO"]
    assert of("a.mp4", *names) == sorted(names)


@pytest.mark.parametrize("name", ["a.en.srt", "a.pt-BR.vtt", "a.zh-Hans-CN.ass", "a.en-orig.vtt", "a.en.forced.srt"])
def test_subtitles_may_name_their_language(name: str) -> None:
    assert of("a.mp4", name) == [name]


@pytest.mark.parametrize("name", ["a.mp4.jpg", "a.mp4.info.json", "a.mp4.en.srt"])
def test_the_whole_name_may_come_first(name: str) -> None:
    assert of("a.mp4", name) == [name]


@pytest.mark.parametrize(
    "name", ["b.jpg", "ab.jpg", "a2.jpg", "a.pdf", "a.part", "a", "a.mp4.part", "A.jpg", ".a.jpg", "a.holiday.jpg"]
)
def test_other_files_stay(name: str) -> None:
    assert of("a.mp4", name) == []


def test_what_two_videos_of_one_stem_share_stays_but_not_what_names_one_of_them() -> None:
    assert of("a.mp4", "a.mov", "a.jpg", "a.en.srt", "a.mp4.jpg", "a.mov.jpg") == ["a.mp4.jpg"]


def test_the_longer_stem_has_the_better_claim() -> None:
    assert of("a.mp4", "a.en.mp4", "a.en.srt", "a.srt") == ["a.srt"]
    assert of("a.en.mp4", "a.mp4", "a.en.srt", "a.srt") == ["a.en.srt"]


def test_a_video_is_nobodys_sidecar() -> None:
    rules = Rules.of(["mp4", "webp"], [])
    assert sidecars("a.mp4", ["a.mp4", "a.webp", "a.jpg"], rules.is_video) == []
    assert sidecars("a.mp4", ["a.mp4", "a.mp4.webp", "a.jpg"], rules.is_video) == ["a.jpg"]


def test_a_crowded_inbox_is_no_trouble() -> None:
    names = [f"{number}{end}" for number in range(5_000) for end in (".mp4", ".jpg", ".info.json")]
    start = time.process_time()
    assert sidecars("4999.mp4", names, is_video) == ["4999.info.json", "4999.jpg"]
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("stem", ["[x] (1)", "a+b*c", "line\nbreak", "caf\udce9", "😀", "-rf", "%s{}"])
def test_odd_stems_are_taken_literally(stem: str) -> None:
    assert of(f"{stem}.mp4", f"{stem}.jpg", f"{stem}.en.srt", "x.jpg") == sorted([f"{stem}.jpg", f"{stem}.en.srt"])


@pytest.mark.parametrize(
    ("sidecar", "new"),
    [("a.jpg", "b (2).jpg"), ("a.en.srt", "b (2).en.srt"), ("a.mp4.jpg", "b (2).mp4.jpg")],
)
def test_a_sidecar_is_renamed_with_its_video(sidecar: str, new: str) -> None:
    assert renamed(sidecar, "a.mp4", "b (2).mp4") == new
