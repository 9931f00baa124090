"""What the service does with what commands ask of it. The service as a whole: tests/service."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, NoReturn, cast

import pytest
from sorting.test_mover import with_video
from support.house import House
from support.running import Running, Words

from sorterd.daemon.app import App
from sorterd.daemon.control_handler import ControlHandler
from sorterd.daemon.requests import Requests
from sorterd.daemon.watcher import SupervisedWatcher
from sorterd.store import journal_file
from sorterd.store.database import StoreError


def test_a_request_that_cannot_be_written_down_is_answered_and_ends_the_service(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not in the journal is not in the database either."""
    with_video(house).sort("a.mp4")
    running = Running(house, Words(house.clock))
    running.run()
    program = cast(App, SimpleNamespace(loop=running.loop))
    office = ControlHandler(program, cast(SupervisedWatcher, None), Requests(house.store, house.mover, house.clock))

    def no_room(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def ask() -> dict[str, Any]:
        monkeypatch.setattr(journal_file, "append", no_room)
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
