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
from support.words import drop

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
    app = cast(App, SimpleNamespace(loop=running.loop))
    handler = ControlHandler(app, cast(SupervisedWatcher, None), Requests(house.store, house.mover, house.clock))

    def no_room(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def ask() -> dict[str, Any]:
        monkeypatch.setattr(journal_file, "append", no_room)
        try:
            return handler.answer({"do": "confirm", "path": "cats/a.mp4"})
        finally:
            running.loop.stop()

    with ThreadPoolExecutor(1) as another:
        answer = another.submit(ask)
        with pytest.raises(StoreError, match="No space left"):
            running.loop.run()
        with pytest.raises(StoreError, match="No space left"):
            answer.result()


def test_what_is_filed_by_command_comes_after_what_was_done_by_hand(house: House) -> None:
    """A folder that was renamed a moment ago keeps the source of its labels."""
    with_video(house).sort("a.mp4")
    drop(house.root.parent, "cats", 1, "b.mp4")
    running = Running(house, Words(house.clock))
    running.run()
    app = cast(App, SimpleNamespace(loop=running.loop))
    handler = ControlHandler(app, cast(SupervisedWatcher, None), Requests(house.store, house.mover, house.clock))
    (house.root / "cats").rename(house.root / "lions")

    def ask() -> dict[str, Any]:
        try:
            return handler.answer({"do": "file", "paths": ["b.mp4"], "folder": "lions", "new": False})
        finally:
            running.loop.stop()

    with ThreadPoolExecutor(1) as another:
        answer = another.submit(ask)
        running.loop.run()
        assert answer.result()["refused"] == []
    assert house.known()["lions/a.mp4"] == "auto"
    assert house.known()["lions/b.mp4"] == "user"
