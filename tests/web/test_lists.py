"""What each list of the page shows, and in which order."""

import json
from dataclasses import replace

import pytest

from sorterd.prediction import HeldOutPrediction
from sorterd.store.features import Features
from sorterd.store.settings import MOVING_PAUSE
from sorterd.web.facts import stamp
from sorterd.web.misfiled import misfiled
from sorterd.web.moved import moved
from web.shelf import Shelf


@pytest.fixture
def sorted_shelf(shelf: Shelf) -> Shelf:
    """Two folders, and in the inbox what the model is torn about, sure of and has not seen."""
    shelf.lay_out(
        {
            **{f"{name}.mp4": name.encode() for name in ("clear", "torn", "sure", "new")},
            "cats": {"tom.mp4": b"tom"},
            "dogs": {"rex.mp4": b"rex"},
        }
    )
    shelf.train()
    shelf.judge("clear.mp4", {"cats": 0.8, "dogs": 0.1})
    shelf.judge("torn.mp4", {"dogs": 0.5, "cats": 0.45})
    shelf.judge("sure.mp4", {"cats": 0.95, "dogs": 0.01}, move=True)
    return shelf


def shown(shelf: Shelf) -> list[tuple[str, str]]:
    return [(card.path, card.state) for card in shelf.waiting()]


def test_the_video_whose_label_teaches_most_comes_first_and_the_unseen_last(sorted_shelf: Shelf) -> None:
    assert shown(sorted_shelf) == [
        ("torn.mp4", "undecided"),
        ("clear.mp4", "undecided"),
        ("new.mp4", "unseen"),
    ]


def test_what_would_be_moved_is_shown_only_while_nothing_is_moved(sorted_shelf: Shelf) -> None:
    assert ("sure.mp4", "sure") not in shown(sorted_shelf)
    sorted_shelf.workspace.store.notes.put(MOVING_PAUSE, {"cause": "user", "reason": "you paused it", "since": 1.0})
    card = next(card for card in sorted_shelf.waiting() if card.path == "sure.mp4")
    assert card.why == "looks like cats, but moving is paused: you paused it"


def test_a_library_without_any_folder_starts_here(shelf: Shelf) -> None:
    shelf.lay_out({"a.mp4": b"a", "b.mp4": b"b"})
    assert shown(shelf) == [("a.mp4", "unseen"), ("b.mp4", "unseen")]
    assert "nothing is learned yet" in shelf.waiting()[0].why


def test_while_all_is_judged_again_the_last_word_counts(sorted_shelf: Shelf) -> None:
    before = shown(sorted_shelf)
    sorted_shelf.train("2026-02-01T12:00:00+00:00")
    assert [path for path, _ in shown(sorted_shelf)][:2] == [path for path, _ in before][:2]
    assert sorted_shelf.waiting()[0].guesses == (("dogs", 0.5), ("cats", 0.45))


def test_what_the_user_took_out_of_its_best_folder_comes_last_and_is_offered_the_others(sorted_shelf: Shelf) -> None:
    store = sorted_shelf.workspace.store
    store.files.reject(sorted_shelf.id("torn.mp4"), "dogs", now=1.0)
    last = sorted_shelf.waiting()[-1]
    assert (last.path, last.state, last.guesses) == ("torn.mp4", "left", (("cats", 0.45),))


def test_a_folder_that_is_gone_is_not_offered(sorted_shelf: Shelf) -> None:
    (sorted_shelf.workspace.root / "dogs" / "rex.mp4").unlink()
    (sorted_shelf.workspace.root / "dogs").rmdir()
    sorted_shelf.workspace.synchronize()
    sorted_shelf.workspace.synchronize()
    assert all(folder != "dogs" for card in sorted_shelf.waiting() for folder, _ in card.guesses)


def test_copies_are_one_card(shelf: Shelf) -> None:
    shelf.lay_out({"a.mp4": b"same", "a (1).mp4": b"same"})
    (card,) = shelf.waiting()
    assert card.copies == 2


def test_what_could_not_be_read_can_be_filed_all_the_same(shelf: Shelf) -> None:
    shelf.lay_out({"broken.mp4": b"broken"})
    store = shelf.workspace.store
    store.features.connection.execute(
        "INSERT INTO failures VALUES (?, 'it has no picture', 3, 0, 1)", (shelf.id("broken.mp4"),)
    )
    (card,) = shelf.waiting()
    assert (card.state, card.why) == ("unreadable", "it could not be read: it has no picture")


def test_names_are_shown_printable_and_sent_as_they_are(shelf: Shelf) -> None:
    shelf.lay_out({"a.mp4": b"a", "c\x1b\udcff": {"b.mp4": b"b"}})
    shelf.train()
    shelf.judge("a.mp4", {"c\x1b\udcff": 0.4})
    guess = json.loads(json.dumps(shelf.waiting()[0].to_json()))["guesses"][0]
    assert (guess["folder"], guess["shown"], guess["percent"]) == ("c\x1b\udcff", "c\\x1b\\xff", "40%")


def test_what_sorterd_moved_waits_to_be_confirmed_also_under_a_new_name(sorted_shelf: Shelf) -> None:
    workspace = sorted_shelf.workspace
    workspace.sort("sure.mp4")
    (card,) = moved(sorted_shelf.facts())
    assert (card.path, card.folder, card.why, card.move) == ("cats/sure.mp4", "cats", "looks like it", 1)
    assert card.guesses == (("cats", 0.9), ("dogs", 0.01))
    workspace.drag("cats/sure.mp4", "cats/renamed.mp4")
    workspace.synchronize()
    assert [card.path for card in moved(sorted_shelf.facts())] == ["cats/renamed.mp4"]


def test_what_was_confirmed_corrected_or_filed_by_the_user_is_no_move_to_look_at(sorted_shelf: Shelf) -> None:
    workspace = sorted_shelf.workspace
    for path in ("sure.mp4", "clear.mp4"):
        workspace.sort(path)
    sorted_shelf.ask({"do": "confirm", "path": "cats/sure.mp4"})
    workspace.drag("cats/clear.mp4", "dogs/clear.mp4")
    workspace.synchronize()
    sorted_shelf.ask({"do": "file", "paths": ["torn.mp4"], "folder": "cats", "new": False})
    assert moved(sorted_shelf.facts()) == []


def outcome(label: str, predicted: str, confidence: float, *, move: bool = True) -> HeldOutPrediction:
    return HeldOutPrediction(label, predicted, confidence, move)


def test_what_a_model_that_did_not_know_it_would_put_elsewhere_is_likely_misfiled(sorted_shelf: Shelf) -> None:
    tom, rex = sorted_shelf.id("cats/tom.mp4"), sorted_shelf.id("dogs/rex.mp4")
    facts = replace(
        sorted_shelf.facts(), held_out={tom: outcome("cats", "dogs", 0.9), rex: outcome("dogs", "cats", 0.95)}
    )
    first, second = misfiled(facts)
    assert (first.path, second.path) == ("dogs/rex.mp4", "cats/tom.mp4")
    assert first.why == "you filed it into dogs; without knowing that, sorterd is 95% sure of cats"
    for said in (
        outcome("cats", "dogs", 0.6, move=False),
        outcome("cats", "cats", 0.99),
        outcome("dogs", "cats", 0.99),  # its label is another by now
        outcome("cats", "birds", 0.99),  # there is no such folder any more
    ):
        assert misfiled(replace(facts, held_out={tom: said})) == []


def test_a_folder_that_the_user_took_it_out_of_is_not_suggested_again(sorted_shelf: Shelf) -> None:
    tom = sorted_shelf.id("cats/tom.mp4")
    sorted_shelf.workspace.store.files.reject(tom, "dogs", now=1.0)
    assert misfiled(replace(sorted_shelf.facts(), held_out={tom: outcome("cats", "dogs", 0.9)})) == []


def test_the_stamp_changes_with_the_store(sorted_shelf: Shelf) -> None:
    before = stamp(sorted_shelf.workspace.state)
    assert stamp(sorted_shelf.workspace.state) == before
    sorted_shelf.ask({"do": "pause"})
    assert stamp(sorted_shelf.workspace.state) != before


def test_a_large_library_is_not_read_at_each_question_how_far_it_is(sorted_shelf: Shelf) -> None:
    library = sorted_shelf.paged()
    first = replace(library.view(), kept_until=float("inf"))  # as if it had taken long to read
    library._view = first
    sorted_shelf.workspace.sort("sure.mp4")
    assert library.progress()["stamp"] == first.stamp
    assert library.everything()["counts"]["moved"] == library.progress()["counts"]["moved"] == 1


def test_what_was_put_back_waits_although_its_folder_was_rejected(sorted_shelf: Shelf) -> None:
    sorted_shelf.workspace.sort("sure.mp4")
    sorted_shelf.ask({"do": "undo", "id": 1})
    card = next(card for card in sorted_shelf.waiting() if card.path == "sure.mp4")
    assert (card.state, card.guesses) == ("undecided", (("dogs", 0.01),))
    assert card.why.startswith("you undid a move of this video, so it waits for you: ")


def test_what_is_said_in_a_video_is_shown_in_short(sorted_shelf: Shelf) -> None:
    features = Features(sorted_shelf.id("torn.mp4"), b"\0\0\0\0", "word\x1b " * 100, "en", "speech")
    sorted_shelf.workspace.store.features.add(features, "space-1", now=1.0)
    says = {card["name"]: card["says"] for card in sorted_shelf.paged().everything()["lists"]["waiting"]}
    said = says.pop("torn.mp4")
    assert said.startswith("word\\x1b word")
    assert len(said) <= 180
    assert set(says.values()) == {""}
