"""One state folder is about one folder of videos."""

from pathlib import Path

import pytest

from sorterd.config import Config
from sorterd.daemon.library import claim
from sorterd.store.database import StoreError
from sorterd.store.settings import ROOT, VIDEOS
from sorterd.store.store import Store


def library(store: Store, folder: Path) -> Config:
    """A folder that was looked at with this store."""
    folder.mkdir()
    config = Config(videos=folder, state_dir=folder.parent)
    claim(store, config, accept_missing=False)
    status = folder.stat()
    store.notes.put(ROOT, [status.st_dev, status.st_ino])
    return config


def test_the_same_folder_is_taken_again(store: Store, tmp_path: Path) -> None:
    claim(store, library(store, tmp_path / "videos"), accept_missing=False)


def test_another_folder_is_refused_with_what_to_do(store: Store, tmp_path: Path) -> None:
    library(store, tmp_path / "videos")
    other = tmp_path / "others"
    other.mkdir()
    with pytest.raises(StoreError, match=r"is about .*videos, not about .*others.*another state_dir"):
        claim(store, Config(videos=other, state_dir=tmp_path), accept_missing=False)
    assert store.notes.get(VIDEOS) == str(tmp_path / "videos")


def test_a_renamed_folder_is_the_same(store: Store, tmp_path: Path) -> None:
    library(store, tmp_path / "videos").videos.rename(tmp_path / "clips")
    claim(store, Config(videos=tmp_path / "clips", state_dir=tmp_path), accept_missing=False)
    assert store.notes.get(VIDEOS) == str(tmp_path / "clips")


def test_a_library_at_a_new_place_is_taken_when_the_user_says_so(store: Store, tmp_path: Path) -> None:
    library(store, tmp_path / "videos")
    (tmp_path / "new disk").mkdir()
    claim(store, Config(videos=tmp_path / "new disk", state_dir=tmp_path), accept_missing=True)
    assert store.notes.get(VIDEOS) == str(tmp_path / "new disk")
