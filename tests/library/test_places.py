"""What lies at a path, even if the disk never answers."""

import errno
import os
import time
import unicodedata
from pathlib import Path

import pytest
from support.disks import dead_mount, hanging_mount, small_disk

from sorterd.library.places import find_each, look_at, silent_folder


def test_a_folder_is_identified_by_device_and_inode_and_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    (place,) = look_at(tmp_path / "link")
    found = tmp_path.stat()
    assert (place.real, place.device, place.inode) == (tmp_path, found.st_dev, found.st_ino)
    assert place.writable
    assert not place.read_only
    assert place.trouble is None


@pytest.mark.parametrize("name", ["odd \udcff\n\x1b.mp4", "-dash", "ü" * 120])
def test_any_name_can_be_asked_for(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (place,) = look_at(tmp_path / name)
    assert (place.real, place.trouble) == (tmp_path / name, None)


def test_a_missing_folder_or_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    missing, file = look_at(tmp_path / "none" / "deep", tmp_path / "file")
    assert (missing.error, file.error) == (errno.ENOENT, errno.ENOTDIR)
    assert "is not there; is the disk that holds it mounted?" in str(missing.trouble)


def test_a_disk_that_is_mounted_read_only_is_reported(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", options=",ro") as disk:
        (place,) = look_at(disk)
    assert (place.read_only, place.writable, place.trouble) == (True, False, None)


def test_a_disk_that_never_answers_is_given_up_and_its_path_is_known(tmp_path: Path) -> None:
    with hanging_mount() as disk:
        (tmp_path / "link").symlink_to(disk.parent)
        (tmp_path / "category").symlink_to(disk)
        started = time.monotonic()
        before, hanging, after = look_at(tmp_path, tmp_path / "link" / disk.name / "videos", tmp_path, seconds=1.0)
        assert silent_folder(tmp_path, seconds=1.0) == "category"
        assert find_each(disk, [[disk / "a.mp4"]], seconds=1.0) == [None]
        assert time.monotonic() - started < 20
    assert before.trouble is None
    assert hanging.silent
    assert "does not answer" in str(hanging.trouble)
    assert hanging.real == disk / "videos"
    assert after.silent


def test_a_server_that_has_gone_is_not_a_missing_folder(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with dead_mount(tmp_path / "disk"):
        (place,) = look_at(tmp_path / "disk")
    assert place.gone
    assert "mount it again" in str(place.trouble)


def test_without_another_process_it_asks_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    assert look_at(tmp_path)[0].inode == tmp_path.stat().st_ino


# --- what exists under another spelling ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        ("Food/new food.mp4", "food/New food.mp4"),
        (unicodedata.normalize("NFD", "Café/Crème.mp4"), unicodedata.normalize("NFC", "Café/Crème.mp4")),
        (unicodedata.normalize("NFC", "Café/Crème.mp4"), unicodedata.normalize("NFD", "cafÉ/crème.mp4")),
        ("Straße/ΣΊΣΥΦΟΣ.mp4", "STRASSE/σίσυφος.mp4"),
    ],
)
def test_another_case_or_unicode_form_finds_what_is_there(tmp_path: Path, there: str, typed: str) -> None:
    (tmp_path / there).parent.mkdir()
    (tmp_path / there).touch()
    assert find_each(tmp_path, [[tmp_path / typed]]) == [there]


def test_among_names_that_differ_only_in_case_the_exact_one_is_meant(tmp_path: Path) -> None:
    for name in ("a.mp4", "A.mp4"):
        (tmp_path / name).touch()
    assert find_each(tmp_path, [[tmp_path / "A.mp4"]]) == ["A.mp4"]
    assert find_each(tmp_path, [[tmp_path / "a.MP4"]]) == [None]  # two names fit


def test_nothing_outside_of_the_root_is_found(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "a.mp4").touch()
    (tmp_path / "root" / "out").symlink_to(tmp_path)
    for typed in (tmp_path / "a.mp4", tmp_path / "root/../a.mp4", tmp_path / "root/out/a.mp4"):
        assert find_each(tmp_path / "root", [[typed]]) == [None]
    (tmp_path / "root" / "b.mp4").touch()
    assert find_each(tmp_path / "root", [[tmp_path / "root/out/root/b.mp4"]]) == ["b.mp4"]
    assert find_each(tmp_path / "root", [[Path(os.devnull), tmp_path / "root/b.mp4"]]) == ["b.mp4"]
