"""What the tests of the page share."""

import pytest
from support.workspace import Workspace

from web.shelf import Shelf


@pytest.fixture
def shelf(workspace: Workspace) -> Shelf:
    return Shelf(workspace)
