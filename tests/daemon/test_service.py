"""What the service does with what commands ask of it. The service as a whole: tests/service."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, NoReturn, cast

import pytest
from sorting.test_mover import with_video
from support.running import Running, Words
from support.words import drop
from support.workspace import Workspace

from sorterd.daemon import control_handler
from sorterd.daemon.app import App
from sorterd.daemon.control_handler import ControlHandler
from sorterd.daemon.requests import Requests
from sorterd.daemon.watcher import SupervisedWatcher
from sorterd.store import journal_file
from sorterd.store.database import StoreError
from sorterd.worker.host.questions import Questions


def handler_of(running: Running) -> ControlHandler:
    workspace, app = running.workspace, cast(App, SimpleNamespace(loop=running.loop))
    return ControlHandler(
        app, cast(SupervisedWatcher, None), Requests(workspace.store, workspace.mover, workspace.clock)
    )


def asked(running: Running, ask: Callable[[ControlHandler], dict[str, Any]]) -> Future[dict[str, Any]]:
    """Ask from another thread, as a client does, while the loop runs. Stop the loop after that."""

    def stop_after_that() -> dict[str, Any]:
        try:
            return ask(handler_of(running))
        finally:
            running.loop.stop()

    with ThreadPoolExecutor(1) as another:
        answer = another.submit(stop_after_that)
        running.loop.run()
    return answer


def test_a_request_that_cannot_be_saved_ends_the_service(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not in the journal is not in the database either."""
    with_video(workspace).sort("a.mp4")
    running = Running(workspace, Words(workspace.clock)).run()
    handler = handler_of(running)

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
        with pytest.raises(StoreError, match="disk is full"):
            running.loop.run()
        with pytest.raises(StoreError, match="disk is full"):
            answer.result()


def test_what_did_not_begin_in_time_is_not_done_later(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user types it again, and would have undone two moves."""
    with_video(workspace).sort("a.mp4")
    running = Running(workspace, Words(workspace.clock)).run()
    monkeypatch.setattr(control_handler, "REQUEST_SECONDS", 0.01)
    assert handler_of(running).answer({"do": "undo", "last": 1}) == {"refused": control_handler.NOT_DONE}
    running.run()
    assert workspace.known() == {"cats/a.mp4": "auto"}


def test_what_a_command_asked_that_has_given_up_is_not_done(workspace: Workspace) -> None:
    """The service was suspended, or read a large file; `sorterd undo` was interrupted meanwhile."""
    with_video(workspace).sort("a.mp4")
    running = Running(workspace, Words(workspace.clock)).run()
    answer = asked(running, lambda handler: handler.answer({"do": "undo", "last": 1}, lambda: True))
    assert answer.result() == {"refused": control_handler.NOT_DONE}
    assert workspace.known() == {"cats/a.mp4": "auto"}


def test_what_a_search_means_is_answered_without_the_loop() -> None:
    app = cast(App, SimpleNamespace(worker=SimpleNamespace(questions=Questions(lambda: None))))
    handler = ControlHandler(app, cast(SupervisedWatcher, None), cast(Requests, None))
    assert handler.answer({"do": "embed", "text": "pancakes", "towers": ["a"]}) == {"vectors": {}}


def test_what_is_filed_by_command_comes_after_what_was_done_by_hand(workspace: Workspace) -> None:
    """A folder that was renamed a moment ago keeps the source of its labels."""
    with_video(workspace).sort("a.mp4")
    drop(workspace.root.parent, "cats", 1, "b.mp4")
    running = Running(workspace, Words(workspace.clock)).run()
    (workspace.root / "cats").rename(workspace.root / "lions")
    file = {"do": "file", "paths": ["b.mp4"], "folder": "lions", "new": False}
    assert asked(running, lambda handler: handler.answer(file)).result()["refused"] == []
    assert workspace.known()["lions/a.mp4"] == "auto"
    assert workspace.known()["lions/b.mp4"] == "user"


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ({"do": "look", "paths": ["lions/a.mp4"]}, {"settling": []}),
        ({"do": "confirm", "paths": ["lions/a.mp4"]}, {"category": "lions", "path": "lions/a.mp4"}),
        ({"do": "confirm", "paths": ["lions"]}, {"category": "lions", "path": "lions/a.mp4"}),
        ({"do": "confirm", "path": "lions/a.mp4"}, {"category": "lions", "path": "lions/a.mp4"}),
        ({"do": "reject", "path": "out.mp4", "folders": ["lions"]}, {"rejected": []}),  # by the drag already
        ({"do": "withdraw", "path": "out.mp4", "folders": ["lions"]}, {"withdrawn": ["lions"]}),
        ({"do": "retry", "path": "lions/a.mp4"}, {"retried": 0}),
        ({"do": "plan_undo", "id": 1}, {"from": "lions/a.mp4", "to": "a.mp4"}),
        ({"do": "undo", "id": 1}, {"from": "lions/a.mp4", "to": "a.mp4"}),
    ],
)
def test_each_request_about_videos_knows_what_was_done_by_hand_a_moment_ago(
    workspace: Workspace, request_: dict[str, Any], answer: dict[str, Any]
) -> None:
    with_video(workspace).sort("a.mp4")
    drop(workspace.root.parent, "cats", 1, "cats/out.mp4")
    running = Running(workspace, Words(workspace.clock)).run()

    def drag_and_ask(handler: ControlHandler) -> dict[str, Any]:
        handler.answer({"do": "pause"})  # the loop is past its first sync
        workspace.drag("cats/out.mp4", "out.mp4")
        (workspace.root / "cats").rename(workspace.root / "lions")
        return handler.answer(request_)

    told = asked(running, drag_and_ask).result()
    assert "refused" not in told or told["refused"] == []
    for part in ("confirmed", "would_undo", "undone"):
        told |= told[part][0] if part in told else {}
    assert answer.items() <= told.items()
