from collections.abc import Iterator

import pytest

from worker.host.daemon import Daemon


@pytest.fixture
def daemons() -> Iterator[list[Daemon]]:
    made: list[Daemon] = []
    yield made
    for daemon in made:
        daemon.worker.stop()


@pytest.fixture
def daemon(daemons: list[Daemon]) -> Daemon:
    daemons.append(Daemon())
    return daemons[0]
