"""The caption of a video is in one answer alone: the one to the question for it."""

import pytest

from sorterd.store.captions import StoredCaption
from web.shelf import Shelf
from web.visitor import Visitor, visiting

SECRET = "zanzibarquokka"
SAID = f'jane: مرحبا 😀 <b>{SECRET}</b> & "{"long " * 120}". pottery'


@pytest.fixture
def told(shelf: Shelf) -> Shelf:
    """A video in the inbox with a caption, one without, and one in a folder that was moved there with one."""
    shelf.lay_out({"a.mp4": b"1", "b.mp4": b"2", "cats": {"c.mp4": b"3"}})
    shelf.train()
    for path in ("a.mp4", "b.mp4"):
        shelf.judge(path, {"cats": 0.6})
    for path in ("a.mp4", "cats/c.mp4"):
        shelf.workspace.store.captions.put(StoredCaption(shelf.id(path), "", SAID, "jane", "d"), {})
    return shelf


def caption(visitor: Visitor, video: str) -> str:
    answer = visitor.post("/caption", {"id": video})
    assert answer.status == 200
    text: str = answer.json["caption"]
    return text


def test_it_is_told_when_asked_for_and_nothing_is_told_of_a_video_without_one(told: Shelf) -> None:
    with visiting(told.config) as visitor:
        assert caption(visitor, told.id("a.mp4")) == SAID
        assert caption(visitor, told.id("cats/c.mp4")) == SAID
        assert caption(visitor, told.id("b.mp4")) == ""
        for nobody in ("../a.mp4", "x", "' OR 1"):
            assert caption(visitor, nobody) == ""


def test_no_other_answer_has_it_not_even_a_search_that_found_it(told: Shelf) -> None:
    with visiting(told.config) as visitor:
        found = visitor.post("/find", {"words": SECRET})
        assert len(found.json["cards"]) == 2
        others = [visitor.ask("GET", path) for path in ("/", "/state", "/progress", f"/caption?id={told.id('a.mp4')}")]
        assert all(SECRET.encode() not in answer.body for answer in (found, *others))
        assert others[-1].status == 405


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": 3}, []])
def test_what_names_no_video_is_refused(told: Shelf, body: object) -> None:
    with visiting(told.config) as visitor:
        assert visitor.post("/caption", body).status == 400
