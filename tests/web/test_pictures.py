"""Posters and strips are sent for known videos only, and are nothing but pictures."""

from collections.abc import Iterator

import pytest
from support.workspace import Workspace

from sorterd.pictures import files
from web.shelf import Shelf
from web.visitor import Visitor, visiting


@pytest.fixture
def visitor(workspace: Workspace) -> Iterator[Visitor]:
    shelf = Shelf(workspace)
    shelf.lay_out({"a.mp4": b"a", "cats": {"b.mp4": b"b"}})
    files.save(workspace.state, shelf.id("a.mp4"), b"a poster", b"a strip")
    files.save(workspace.state, "f" * 32, b"of a video", b"that is gone")
    with visiting(shelf.config) as visitor:
        yield visitor


@pytest.mark.parametrize(("kind", "body"), [("poster", b"a poster"), ("strip", b"a strip")])
def test_a_picture_is_sent_to_the_page_alone(visitor: Visitor, workspace: Workspace, kind: str, body: bytes) -> None:
    path = f"/{kind}/{workspace.content('a.mp4')}"
    answer = visitor.ask("GET", path)
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, body, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert visitor.ask("GET", path, {"Cookie": None}).status == 403


def test_a_video_without_pictures_has_an_empty_answer(visitor: Visitor, workspace: Workspace) -> None:
    answer = visitor.ask("GET", f"/poster/{workspace.content('cats/b.mp4')}")
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize("name", ["", "f" * 32, "x", "..%2f..%2fjournal.jsonl", "../journal.jsonl", "%00", "a.webp"])
def test_nothing_else_can_be_named(visitor: Visitor, name: str) -> None:
    for kind in ("poster", "strip"):
        answer = visitor.ask("GET", f"/{kind}/{name}")
        assert (answer.status, b"gone" in answer.body) == (404, False)
