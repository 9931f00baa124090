"""A scan records where the caption of each video may stand."""

import os
from pathlib import Path

import pytest
from support.workspace import Workspace

from sorterd.captions.source import CaptionSource


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "videos", tmp_path / "state", captions=True)


def sources(workspace: Workspace) -> dict[str, CaptionSource]:
    return {os.fsdecode(path): CaptionSource.parse(seen) for path, seen in workspace.store.captions.sources().items()}


def test_each_video_has_its_name_and_its_text_sidecars(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"1", "a.txt": b"a cat", "cats": {"b.mp4": b"2"}})
    found = sources(workspace)
    assert found["cats/b.mp4"] == CaptionSource("b.mp4")
    assert [(one.name, one.size) for one in found["a.mp4"].sidecars] == [("a.txt", 5)]


def test_a_sidecar_that_comes_changes_or_goes_is_another_source(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"1"})
    seen = [sources(workspace)["a.mp4"]]
    for content in (b"a cat", b"a dog!", b"A dog!"):
        (workspace.root / "a.txt").write_bytes(content)
        workspace.synchronize()
        seen.append(sources(workspace)["a.mp4"])
    (workspace.root / "a.txt").unlink()
    workspace.synchronize()
    assert len(set(seen)) == 4
    assert sources(workspace)["a.mp4"] == seen[0]


@pytest.mark.parametrize("restart", [False, True])
def test_a_sync_that_finds_nothing_else_writes_nothing(workspace: Workspace, restart: bool) -> None:
    workspace.take_in({"a.mp4": b"1", "a.txt": b"a cat", "b.mp4": b"2"})
    if restart:
        workspace.restart()
    before = workspace.store.changes()
    workspace.synchronize()
    assert workspace.store.changes() == before


def test_a_video_that_went_has_no_source(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"1", "b.mp4": b"2"})
    (workspace.root / "a.mp4").rename(workspace.root / "c.mp4")
    workspace.synchronize()
    assert sources(workspace).keys() == {"b.mp4", "c.mp4"}


def test_only_a_name_with_an_id_has_databases(workspace: Workspace) -> None:
    workspace.lay_out({"7234567890123456789.mp4": b"1", "cat.mp4": b"2"})
    (workspace.root / ".appdata").mkdir()
    (workspace.root / ".appdata/db_texts.js").write_text("x")
    workspace.synchronize()
    found = sources(workspace)
    assert [Path(file.name).name for file in found["7234567890123456789.mp4"].databases] == ["db_texts.js"]
    assert found["cat.mp4"].databases == ()


def test_switched_off_all_that_is_known_of_captions_is_forgotten(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"1", "a.txt": b"a cat"})
    assert sources(workspace)
    workspace.captions = False
    workspace.restart()
    workspace.synchronize()
    assert sources(workspace) == {}
