"""Which folders are offered when a library is set up."""

import time
from pathlib import Path

import pytest
from support.disks import hanging_mount

from sorterd.setup.likely_folders import LikelyFolder, find_likely


def videos(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"")


def many(count: int) -> list[str]:
    return [f"clip {number}.mp4" for number in range(count)]


def ids(count: int) -> list[str]:
    return [f"{7234567890123456789 + number}.mp4" for number in range(count)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "ann"))
    monkeypatch.delenv("XDG_VIDEOS_DIR", raising=False)
    (tmp_path / "ann").mkdir()
    return tmp_path / "ann"


def test_a_folder_named_tiktok_comes_first_with_what_it_holds(home: Path) -> None:
    videos(home / "Videos", *many(30))
    videos(home / "Videos" / "TikTok", *ids(10))
    videos(home / "Videos" / "TikTok" / "cats", *many(4))
    videos(home / "Videos" / "TikTok" / "dogs" / "small", *many(3))
    first, second, *_ = find_likely(home)
    assert first == LikelyFolder(home / "Videos" / "TikTok", 10, 7, 2, "named as TikTok names them")
    assert second.path == home / "Videos"


@pytest.mark.parametrize(
    "place", ["Downloads/TikTok", "tiktok-saved", "Videos/Saved", "Desktop/yt-dlp", "Downloads/reels", "Movies/shorts"]
)
def test_the_places_of_downloaders_are_preferred_to_a_camera_roll(home: Path, place: str) -> None:
    videos(home / "Pictures" / "Camera", *many(60))
    videos(home / place, *many(12))
    assert find_likely(home)[0].path == home / place


def test_what_myfavett_and_yt_dlp_have_saved_is_recognised(home: Path) -> None:
    videos(home / "Downloads" / "myfaveTT" / "data" / "Likes" / "videos", *ids(20))
    videos(home / "Videos" / "cooking channel", *many(5), *(f"clip {number}.info.json" for number in range(5)))
    origins = {one.path.name: one.origin for one in find_likely(home)}
    assert origins["videos"] == "from myfaveTT"
    assert origins["cooking channel"] == "from yt-dlp"


def test_the_folder_that_the_user_is_in_is_looked_at_wherever_it_is(home: Path, tmp_path: Path) -> None:
    videos(tmp_path / "disk" / "stuff", *many(3))
    assert [one.path for one in find_likely(home, tmp_path / "disk" / "stuff")] == [tmp_path / "disk" / "stuff"]


def test_categories_of_a_library_are_not_offered_as_libraries(home: Path) -> None:
    videos(home / "Videos" / "TikTok", *many(3))
    for name in ("cats", "cooking", "memes"):
        videos(home / "Videos" / "TikTok" / name, *many(40))
    assert [one.path for one in find_likely(home)] == [home / "Videos" / "TikTok"]


def test_neither_the_home_folder_nor_hidden_folders_nor_links_nor_other_files_are_offered(home: Path) -> None:
    videos(home, *many(9))
    videos(home / ".cache" / "tiktok", *many(9))
    videos(home / "Videos" / ".tiktok", *many(9))
    videos(home / "Documents", "letter.odt")
    videos(home / "elsewhere", *many(9))
    (home / "Videos").mkdir(exist_ok=True)
    (home / "Videos" / "link").symlink_to(home / "elsewhere")
    assert find_likely(home) == []


def test_names_that_are_not_text_do_no_harm(home: Path) -> None:
    folder = home / "Videos" / "caf\udce9\n\x1b[2J"
    videos(folder, *many(3))
    assert [one.path for one in find_likely(home)] == [folder]


def test_a_silent_disk_takes_no_longer_than_the_time_that_is_given(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    videos(home / "TikTok", *many(3))
    with hanging_mount() as disk:
        monkeypatch.setenv("XDG_VIDEOS_DIR", str(disk))
        started = time.monotonic()
        found = find_likely(home, seconds=2.0)
        assert time.monotonic() - started < 10.0
    assert [one.path for one in found] == [home / "TikTok"]
