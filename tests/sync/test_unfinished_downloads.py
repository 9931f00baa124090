"""A sync leaves alone what may be a part of a running download, and takes it once nobody comes for it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.films import film
from support.tree import make
from support.workspace import Clock, Workspace

from sorterd.library.plan import MoveRefused

HOUR = 3600.0


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", Clock(time.time() + 10))
    yield workspace
    workspace.close()


def waits(workspace: Workspace, seconds: float = 0.0) -> set[str]:
    workspace.clock.advance(seconds)
    return {waiting.path for waiting in workspace.synchronize().waiting}


@pytest.mark.parametrize("name", ["x.f137.mp4", "x.f11777206079v.mp4", "x.fhls-720.mp4", "x.fsd.mp4", "x.temp.mp4"])
def test_a_track_is_taken_once_nothing_has_joined_it_for_an_hour(workspace: Workspace, name: str) -> None:
    workspace.lay_out({name: b"track", "cats": {name: b"another track", "a.mp4": b"cat"}})
    assert waits(workspace) == {name, f"cats/{name}"}
    assert waits(workspace, HOUR - 60) == {name, f"cats/{name}"}
    assert workspace.known() == {"cats/a.mp4": "user"}
    assert waits(workspace, 60) == set()
    assert workspace.known() == {"cats/a.mp4": "user", name: None, f"cats/{name}": "user"}


def test_a_sync_says_when_it_will_be_taken(workspace: Workspace) -> None:
    workspace.lay_out({"x.f137.mp4": b"track"})
    seen = workspace.synchronize()
    assert seen.again_at == seen.waiting[0].until == pytest.approx(workspace.clock() + HOUR - 10, abs=5)


def test_every_file_of_the_download_begins_the_hour_anew(workspace: Workspace) -> None:
    workspace.lay_out({"x.f137.mp4": b"track"})
    workspace.clock.advance(HOUR - 60)
    workspace.lay_out({"x.f140.m4a.part": b"more"})
    os.utime(workspace.root / "x.f140.m4a.part", (workspace.clock(), workspace.clock()))
    assert waits(workspace, 120) == {"x.f137.mp4"}
    assert waits(workspace, HOUR) == set()


def test_a_file_beside_the_downloaders_own_waits_as_long_as_that_is_there(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"one", "a.mp4.aria2": b""})
    assert workspace.synchronize().growing == ("a.mp4",)
    assert waits(workspace, 2 * HOUR) == {"a.mp4"}
    (workspace.root / "a.mp4.aria2").unlink()
    assert waits(workspace) == set()
    assert workspace.known() == {"a.mp4": None}


def test_a_time_in_the_future_says_nothing(workspace: Workspace) -> None:
    workspace.lay_out({"x.f137.mp4": b"track"})
    os.utime(workspace.root / "x.f137.mp4", (time.time() + 90 * HOUR,) * 2)
    assert waits(workspace) == {"x.f137.mp4"}
    assert waits(workspace, HOUR + 60) == set()


def test_when_it_is_joined_only_the_joined_file_is_ever_known(workspace: Workspace) -> None:
    workspace.lay_out({"x.f137.mp4": b"track", "x.f140.m4a": b"sound"})
    waits(workspace)
    workspace.lay_out({"x.temp.mp4": b"both"})
    assert waits(workspace) == {"x.f137.mp4", "x.temp.mp4"}
    (workspace.root / "x.temp.mp4").rename(workspace.root / "x.mp4")
    (workspace.root / "x.f137.mp4").unlink()
    (workspace.root / "x.f140.m4a").unlink()
    assert waits(workspace) == set()
    assert workspace.known() == {"x.mp4": None}


@pytest.mark.parametrize("sound", [True, False])
def test_an_unknown_id_waits_only_without_sound(workspace: Workspace, sound: bool) -> None:
    film(workspace.root / "x.fqrs.mp4", seconds=0.2, sound="sine" if sound else None)
    assert waits(workspace) == (set() if sound else {"x.fqrs.mp4"})
    assert waits(workspace, HOUR) == set()
    assert workspace.known() == {"x.fqrs.mp4": None}


@pytest.mark.parametrize("name", ["trip.final.mp4", "cats.funny.mp4", "IMG_2024.01.05.mp4", "part.2.mp4", "v1.2.mp4"])
def test_an_ordinary_name_is_taken_at_once_also_without_sound(workspace: Workspace, name: str) -> None:
    film(workspace.root / name, seconds=0.2)
    assert waits(workspace) == set()
    assert workspace.known() == {name: None}


def test_a_known_video_that_comes_to_look_like_a_track_stays_known_but_is_not_moved(workspace: Workspace) -> None:
    workspace.lay_out({"x.f137.mp4": b"track", "cats": {"a.mp4": b"cat"}})
    workspace.clock.advance(HOUR)
    workspace.synchronize()
    workspace.lay_out({"x.f140.m4a.part": b"more"})
    os.utime(workspace.root / "x.f140.m4a.part", (workspace.clock(), workspace.clock()))
    workspace.synchronize()
    assert workspace.known() == {"x.f137.mp4": None, "cats/a.mp4": "user"}
    with pytest.raises(MoveRefused, match="it looks like a track"):
        workspace.sort("x.f137.mp4")


def test_a_new_folder_is_a_category_once_a_video_is_at_rest_in_it(workspace: Workspace) -> None:
    make(workspace.root, {"someone": {"x.f137.mp4": b"track"}, "empty": {}, "cats": {"a.mp4": b"cat"}})
    waits(workspace)
    assert workspace.store.files.folders() == {"empty", "cats"}
    make(workspace.root, {"someone": {"x.mp4": b"both"}})
    waits(workspace)
    assert workspace.store.files.folders() == {"empty", "cats", "someone"}


def test_a_known_folder_stays_one_while_its_only_video_waits(workspace: Workspace) -> None:
    make(workspace.root, {"cats": {}})
    waits(workspace)
    make(workspace.root, {"cats": {"x.f137.mp4": b"track"}})
    waits(workspace)
    assert workspace.store.files.folders() == {"cats"}
    workspace.drag("cats", "felines")
    waits(workspace)
    assert workspace.store.files.folders() == {"felines"}
