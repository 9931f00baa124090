import pytest
from support.workspace import Workspace

from sorting.filing import LIBRARY
from sorting.inbox import PredictedInbox


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    workspace.take_in(LIBRARY)
    return workspace


@pytest.fixture
def inbox(workspace: Workspace) -> PredictedInbox:
    workspace.take_in({"a.mp4": b"one", "b.mp4": b"two", "cats": {}, "dogs": {}})
    return PredictedInbox(workspace)


@pytest.fixture
def dragged(workspace: Workspace) -> Workspace:
    """The user has moved a.mp4 to cats, and nothing else."""
    workspace.take_in({"a.mp4": b"video", "a.info.json": b"{}", "a.mp4.xmp": b"x", "a-thumb.jpg": b"t", "cats": {}})
    workspace.drag("a.mp4", "cats/a.mp4")
    workspace.synchronize()
    return workspace
