"""The server ends, whatever is being answered."""

import asyncio
import logging
from contextlib import suppress
from http.client import HTTPConnection
from threading import Event, Thread

import pytest
from starlette.types import Receive, Scope, Send

from sorterd.web import server
from sorterd.web.server import listening, serving


def test_an_answer_that_is_cut_off_at_the_end_is_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "GRACE_SECONDS", 0)
    asked, ended = Event(), Event()

    async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
        asked.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    opened = listening("127.0.0.1", 0)
    connection = HTTPConnection("127.0.0.1", opened.getsockname()[1], timeout=20)

    def ask() -> None:
        with suppress(OSError):
            connection.request("GET", "/")
            connection.getresponse()

    asking = Thread(target=ask)
    level = logging.getLogger("uvicorn.error").level
    with serving(slow, opened):
        asking.start()
        assert asked.wait(20)
        monkeypatch.setattr(server, "GRACE_SECONDS", 10)  # how long its thread is waited for
    assert ended.is_set()
    asking.join()
    assert (caplog.records, logging.getLogger("uvicorn.error").level) == ([], level)
