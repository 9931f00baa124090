"""What the user moves in the middle of a sync, while one folder after the other is looked into."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from support.workspace import Workspace

from sorterd.library.openat import opened


@pytest.fixture
def sorted_workspace(workspace: Workspace) -> Workspace:
    """With a video of ours in `cats`, among some of the user's."""
    dogs = {f"{number}.mp4": b"dog %d" % number for number in range(5)}
    workspace.take_in({"a.mp4": b"one", "cats": {"c.mp4": b"cat"}, "dogs": dogs})
    workspace.sort("a.mp4")
    return workspace


def before_looking_into(monkeypatch: pytest.MonkeyPatch, folder: str, act: Callable[[], object]) -> None:
    """Let something happen in the middle of the next sync."""
    left = [act]

    def looked_at(top: Path | int, path: str) -> AbstractContextManager[int]:
        if path == folder and left:
            left.pop()()
        return opened(top, path)

    monkeypatch.setattr("sorterd.library.scan.opened", looked_at)


def test_a_folder_that_is_renamed_before_it_is_scanned_takes_labels_and_rejections_along(
    sorted_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = sorted_workspace
    workspace.drag("cats/c.mp4", "c.mp4")
    workspace.synchronize()
    before_looking_into(monkeypatch, "cats", lambda: workspace.drag("cats", "felines"))
    for _ in range(2):
        workspace.synchronize()
    assert workspace.known()["felines/a.mp4"] == "auto"
    assert workspace.store.files.rejections() == {workspace.content("c.mp4"): {"felines"}}


def test_a_video_that_is_dragged_to_the_inbox_after_that_was_scanned_is_a_correction(
    sorted_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = sorted_workspace
    before_looking_into(monkeypatch, "cats", lambda: workspace.drag("cats/a.mp4", "a.mp4"))
    for _ in range(2):
        workspace.synchronize()
    assert workspace.store.files.rejections() == {workspace.content("a.mp4"): {"cats"}}
    assert workspace.store.journal.counts()["corrected"] == 1


@pytest.mark.parametrize(("source", "target"), [("cats", "dogs"), ("dogs", "cats")])
def test_a_video_that_is_dragged_to_another_folder_is_a_correction_whichever_was_scanned_first(
    sorted_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, source: str, target: str
) -> None:
    workspace = sorted_workspace
    workspace.take_in({"b.mp4": b"two"})
    workspace.sort("b.mp4", source)
    before_looking_into(monkeypatch, source, lambda: workspace.drag(f"{source}/b.mp4", f"{target}/b.mp4"))
    for _ in range(2):
        workspace.synchronize()
    assert workspace.known()[f"{target}/b.mp4"] == "user"
    assert workspace.store.files.rejections() == {workspace.content(f"{target}/b.mp4"): {source}}
