"""What every test may rely on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from desk import Desk, fresh_desk
from hypothesis import settings

# No deadlines: a busy machine is no fault of the code.
settings.register_profile("sorterd", deadline=None)
settings.load_profile("sorterd")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command inside a test sends the log to the stderr of that test, which is closed when the next one runs."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _own_default_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have libraries of their own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("default-state")))


@pytest.fixture
def desk() -> Iterator[Desk]:
    """An empty simulated disk."""
    desk = fresh_desk()
    yield desk
    desk.files.connection.close()
