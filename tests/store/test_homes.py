"""Where the state of a library lies, found by its folder of videos."""

from pathlib import Path

import pytest

from sorterd.store.homes import default_state, holds_state, link_state, noted_videos, state_by_folder
from sorterd.store.settings import VIDEOS
from sorterd.store.store import DATABASE, Store


def made(state_dir: Path, videos: str | None) -> Path:
    """A state that is about a folder of videos, or the empty one that a question leaves."""
    state_dir.mkdir(parents=True)
    store = Store.open(state_dir)
    if videos is not None:
        store.notes.put(VIDEOS, videos)
    store.close()
    return state_dir


def test_a_state_says_which_library_it_is_about(tmp_path: Path) -> None:
    assert noted_videos(made(tmp_path / "a", "/videos")) == "/videos"
    assert noted_videos(made(tmp_path / "b", None)) is None
    assert noted_videos(tmp_path / "none") is None


def test_a_damaged_database_and_a_lone_spare_copy_are_a_state_and_an_empty_database_is_none(tmp_path: Path) -> None:
    assert not holds_state(made(tmp_path / "empty", None))
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / DATABASE).write_bytes(b"no database" * 100)
    (tmp_path / "spare").mkdir()
    (tmp_path / "spare" / "sorterd.spare").touch()
    assert holds_state(tmp_path / "damaged")
    assert holds_state(tmp_path / "spare")


def test_a_state_elsewhere_is_found_by_the_folder_and_a_stale_link_is_replaced(tmp_path: Path) -> None:
    videos, state = tmp_path / "videos", made(tmp_path / "state", "/videos")
    link_state(videos, state)
    assert state_by_folder(videos).readlink() == state
    moved = state.rename(tmp_path / "moved")
    link_state(videos, moved)
    assert state_by_folder(videos).readlink() == moved
    link_state(videos, made(tmp_path / "other", "/videos"))  # the first one stays: two are for a person to decide
    assert state_by_folder(videos).readlink() == moved


def test_a_state_of_its_own_is_neither_replaced_nor_linked(tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    own = made(state_by_folder(videos), str(videos))
    link_state(videos, made(tmp_path / "state", str(videos)))
    link_state(videos, own)
    link_state(tmp_path / "others", default_state())
    assert not own.is_symlink()
    assert not state_by_folder(tmp_path / "others").exists()


def test_what_a_mere_question_left_makes_way_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    videos = tmp_path / "videos"
    empty = made(state_by_folder(videos), None)
    monkeypatch.setattr("os.getpid", lambda: 7)
    link_state(videos, made(tmp_path / "state", str(videos)))
    assert empty.readlink() == tmp_path / "state"
    assert (empty.with_name(f"{empty.name}.unused-7") / DATABASE).exists()
