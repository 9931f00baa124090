"""The list of a search."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from sorterd.config import Config
from sorterd.find.documents import Documents
from sorterd.service.control import ControlServer, GivenUp
from sorterd.store.captions import StoredCaption
from sorterd.store.features import Features
from sorterd.web import library as library_module
from sorterd.web.facts import read_texts
from web.shelf import Shelf
from web.visitor import visiting


@pytest.fixture
def kitchen(shelf: Shelf) -> Shelf:
    """A video in the inbox whose name tells, one in a folder that speaks, and one there with a caption."""
    shelf.lay_out({"lemon pasta.mp4": b"1", "cats": {"tom.mp4": b"2", "rex.mp4": b"3"}})
    shelf.train()
    shelf.judge("lemon pasta.mp4", {"cats": 0.6})
    said = Features(shelf.id("cats/tom.mp4"), bytes(8), "She eats pasta with LEMON.", "en", "speech")
    shelf.workspace.store.features.add(said, "space-1", now=1.0)
    caption = StoredCaption(shelf.id("cats/rex.mp4"), "", "ann: pâtes au citron. dessert", "ann", "d")
    shelf.workspace.store.captions.put(caption, {})
    return shelf


def search(shelf: Shelf, words: str) -> list[tuple[str, str | None, list[str]]]:
    cards = shelf.paged().find(words)["cards"]
    assert all(card["state"] == "found" for card in cards)
    return [(card["name"], card["folder"], [guess["folder"] for guess in card["guesses"]]) for card in cards]


def test_names_speech_and_captions_are_searched_wherever_the_video_lies(kitchen: Shelf) -> None:
    assert {name for name, _, _ in search(kitchen, "pasta lemon")} == {"lemon pasta.mp4", "tom.mp4"}
    assert search(kitchen, "PATES citron") == [("rex.mp4", "cats", [])]
    assert search(kitchen, "elephant") == []


def test_one_in_the_inbox_is_offered_what_the_model_guesses(kitchen: Shelf) -> None:
    assert search(kitchen, "lemon pasta")[0] == ("lemon pasta.mp4", None, ["cats"])


def test_a_caption_is_searched_and_not_shown(kitchen: Shelf) -> None:
    assert "dessert" not in json.dumps(kitchen.paged().find("citron"))


def test_a_library_that_was_never_looked_at_has_its_names(shelf: Shelf) -> None:
    shelf.lay_out({"lemon pasta.mp4": b"1"})
    assert search(shelf, "pasta") == [("lemon pasta.mp4", None, [])]


@pytest.mark.parametrize("words", ['"', "NEAR(", "--", "' OR 1", "🔥", "日本", "\x00", "\ud800", "a" * 300])
def test_whatever_is_typed_has_an_answer(kitchen: Shelf, words: str) -> None:
    with visiting(kitchen.config) as visitor:
        answer = visitor.post("/find", {"words": words})
    assert (answer.status, answer.json) == (200, {"cards": []})


@pytest.mark.parametrize("body", [{}, {"words": ""}, {"words": 3}, {"words": None}, []])
def test_what_is_no_search_is_refused(kitchen: Shelf, body: object) -> None:
    with visiting(kitchen.config) as visitor:
        assert visitor.post("/find", body).status == 400


def test_what_means_the_same_comes_after_what_has_the_words(kitchen: Shelf) -> None:
    """The service's worker is asked once; after that the list can be asked for again at once."""
    asked: list[dict[str, Any]] = []

    def answer(request: dict[str, Any], _: GivenUp) -> dict[str, Any]:
        asked.append(request)
        return {"vectors": {"space-1": base64.b64encode(np.array([1.0], "<f4").tobytes()).decode()}}

    like = Features(kitchen.id("cats/rex.mp4"), np.array([1.0, 0.0], "<f4").tobytes(), "", "en", "silent")
    kitchen.workspace.store.features.add(like, "space-1", now=1.0)
    library = kitchen.paged()
    assert [card["name"] for card in library.find("pasta")["cards"]] == ["lemon pasta.mp4", "tom.mp4"]
    with ControlServer(kitchen.config.state_dir, answer):
        found = library.alike("pasta")
    assert [(request["text"], request["load"]) for request in asked] == [("pasta", True)]
    assert found["left_out"] is None
    assert [card["name"] for card in found["cards"]] == ["lemon pasta.mp4", "tom.mp4", "rex.mp4"]
    assert "about the same, by its pictures" in found["cards"][-1]["why"]
    assert library.find("pasta") == {"cards": found["cards"]}
    assert len(library.find("lemon")["cards"]) == 2


def test_without_a_service_that_knows_it_says_that_only_words_were_compared(kitchen: Shelf) -> None:
    with visiting(kitchen.config) as visitor:
        answer = visitor.post("/alike", {"words": "pasta"})
    assert [card["name"] for card in answer.json["cards"]] == ["lemon pasta.mp4", "tom.mp4"]
    assert answer.json["left_out"].startswith("only the words themselves were compared")


def test_texts_are_read_again_only_when_something_has_changed(kitchen: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def texts(config: Config) -> Documents:
        read.append(config)
        return read_texts(config)

    monkeypatch.setattr(library_module, "read_texts", texts)
    library = kitchen.paged()
    assert [len(library.find(words)["cards"]) for words in ("pasta", "lemon", "elephant")] == [2, 2, 0]
    assert len(read) == 1
    said = Features(kitchen.id("cats/rex.mp4"), bytes(8), "An elephant.", "en", "speech")
    kitchen.workspace.store.features.add(said, "space-1", now=1.0)
    assert len(library.find("elephant")["cards"]) == 1
