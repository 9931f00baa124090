from __future__ import annotations

import pytest
from support.house import House

from sorting.filing import LIBRARY
from sorting.inbox import PredictedInbox


@pytest.fixture
def filled(house: House) -> House:
    house.lay_out(LIBRARY)
    house.synchronize()
    return house


@pytest.fixture
def inbox(house: House) -> PredictedInbox:
    house.lay_out({"a.mp4": b"one", "b.mp4": b"two", "cats": {}, "dogs": {}})
    house.synchronize()
    return PredictedInbox(house)


@pytest.fixture
def dragged(house: House) -> House:
    """The user has moved a.mp4 to cats, and nothing else."""
    house.lay_out({"a.mp4": b"video", "a.info.json": b"{}", "a.mp4.xmp": b"x", "a-thumb.jpg": b"t", "cats": {}})
    house.synchronize()
    house.drag("a.mp4", "cats/a.mp4")
    house.synchronize()
    return house
