"""What the service does with what commands ask of it. The service as a whole: tests/service."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, NoReturn, cast

import pytest

from daemon.house import House
from daemon.running import Running, Words
from daemon.test_moves import with_video
from sorterd.daemon.assemble import Program
from sorterd.daemon.requests import Requests
from sorterd.daemon.service import Office
from sorterd.daemon.watching import Watching
from sorterd.store import spare_file
from sorterd.store.database import StoreError


def test_a_request_that_cannot_be_written_down_is_answered_and_ends_the_service(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start brings the database and its spare copy together again."""
    with_video(house).sort("a.mp4")
    running = Running(house, Words(house.clock))
    running.run()
    program = cast(Program, SimpleNamespace(loop=running.loop))
    office = Office(program, cast(Watching, None), Requests(house.store, house.mover, house.clock))

    def no_room(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def ask() -> dict[str, Any]:
        monkeypatch.setattr(spare_file, "append", no_room)
        try:
            return office.answer({"do": "confirm", "path": "cats/a.mp4"})
        finally:
            running.loop.stop()

    with ThreadPoolExecutor(1) as another:
        answer = another.submit(ask)
        with pytest.raises(StoreError, match="No space left"):
            running.loop.run()
        with pytest.raises(StoreError, match="No space left"):
            answer.result()
