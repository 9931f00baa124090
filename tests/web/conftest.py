"""What the tests of the page share."""

from __future__ import annotations

import pytest
from support.workspace import Workspace

from web.shelf import Shelf


@pytest.fixture
def shelf(workspace: Workspace) -> Shelf:
    return Shelf(workspace)
