"""What the tests of the page share."""

from __future__ import annotations

import pytest
from support.house import House

from web.shelf import Shelf


@pytest.fixture
def shelf(house: House) -> Shelf:
    return Shelf(house)
