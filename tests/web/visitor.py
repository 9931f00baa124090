"""A program that asks the page, with whatever headers it likes."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any

from sorterd.config import Config
from sorterd.web.actions import Actions
from sorterd.web.address import LOOPBACK, address_of
from sorterd.web.app import site
from sorterd.web.facts import places
from sorterd.web.guard import Access
from sorterd.web.library import PagedLibrary
from sorterd.web.server import listening, serving
from sorterd.web.session import Session


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Visitor:
    """`asked` are the requests that would have reached the service, which refuses all of them."""

    access: Access
    asked: list[dict[str, Any]]

    @property
    def host(self) -> str:
        return f"{LOOPBACK}:{self.access.port}"

    @property
    def known(self) -> dict[str, str]:
        """The headers of the page itself."""
        return {
            "Cookie": f"{self.access.cookie}={self.access.secret}",
            "Origin": f"http://{self.host}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
        }

    def ask(
        self, method: str, path: str, headers: Mapping[str, str | None] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request, below the page's own path unless it brings a token; a header that is None is left out."""
        if not path.startswith("/?"):
            path = f"/{self.access.path}{path}"
        return self.ask_at(method, path, headers, body)

    def post(self, path: str, document: object) -> Answer:
        """Send a document to the page, as the page itself does."""
        return self.ask("POST", path, body=json.dumps(document).encode())

    def ask_at(
        self, method: str, path: str, headers: Mapping[str, str | None] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request at the path as it is."""
        connection = HTTPConnection(LOOPBACK, self.access.port, timeout=20)
        try:
            given = {**self.known, **(headers or {})}
            connection.request(method, path, body, {name: text for name, text in given.items() if text is not None})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


@contextmanager
def visiting(config: Config) -> Iterator[Visitor]:
    """The page of a library, served; no service runs."""
    asked: list[dict[str, Any]] = []

    def refuse(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return {"refused": "not now"}

    opened = listening(LOOPBACK, 0)
    access = Access(opened.getsockname()[1], address_of("").hosts)
    library = PagedLibrary(config, Session(), lambda: None)
    with serving(site(library, Actions(refuse, lambda video: places(config, video)), access), opened):
        yield Visitor(access, asked)
