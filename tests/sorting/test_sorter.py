"""From the model's prediction to a move, or to a reason why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.house import House, when_planned

from sorterd.activity import Fault
from sorterd.backoff import FIRST_DELAY
from sorterd.sorting.sorter import decide_inbox
from sorting.inbox import PREDICTOR, PredictedInbox


def test_sure_ones_are_moved_and_told_of(inbox: PredictedInbox) -> None:
    inbox.predictor("a.mp4")
    inbox.predictor("b.mp4", "dogs")
    assert inbox.sort() == 2
    assert inbox.house.on_disk() == {"cats": {"a.mp4": b"one"}, "dogs": {"b.mp4": b"two"}}
    assert [(one.path, one.moved_to, one.reason) for one in inbox.decided()] == [
        ("a.mp4", "cats/a.mp4", "like cats"),
        ("b.mp4", "dogs/b.mp4", "like cats"),
    ]
    assert inbox.sort() == 0


def test_a_sidecar_that_could_not_follow_is_told_of(inbox: PredictedInbox) -> None:
    inbox.house.lay_out({"a.jpg": b"picture"})
    inbox.predictor("a.mp4")
    when_planned(inbox.house, lambda: inbox.house.lay_out({"cats": {"a.jpg": b"another"}}))
    assert inbox.sort() == 1
    assert inbox.faults() == [Fault("a.jpg", "did not follow its video: cats/a.jpg exists already")]


def test_unsure_ones_stay_and_are_told_of_once_as_news(inbox: PredictedInbox) -> None:
    content = inbox.predictor("a.mp4", sure=False)
    assert inbox.sort(content) == 0
    assert inbox.sort() == 0
    (told,) = inbox.decided()
    assert (told.path, told.moved_to, told.would_move, told.reason) == ("a.mp4", None, False, "not sure")


def test_predictions_of_another_model_do_not_count(inbox: PredictedInbox) -> None:
    inbox.predictor("a.mp4", predictor="model 0")
    assert inbox.sort() == 0
    assert decide_inbox(inbox.house.store, None) == []


def test_a_dry_run_says_what_it_would_move_and_moves_nothing(inbox: PredictedInbox) -> None:
    dry = PredictedInbox(inbox.house, "report")
    before = dry.house.on_disk()
    assert dry.sort(dry.predictor("a.mp4")) == 0
    assert dry.house.on_disk() == before
    (told,) = dry.decided()
    assert (told.moved_to, told.would_move) == (None, True)


def test_a_dry_run_of_one_pass_reports_every_decision_however_often_it_is_asked(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "copy.mp4": b"one", "b.mp4": b"two", "cats": {}})
    house.synchronize()
    for _ in range(2):
        dry = PredictedInbox(house, "report")
        dry.sorter.report_all = True
        dry.predictor("a.mp4")
        dry.predictor("b.mp4", sure=False)
        assert dry.sort() == 0
        assert [(one.path, one.would_move) for one in dry.decided()] == [
            ("a.mp4", True), ("b.mp4", False), ("copy.mp4", False),
        ]  # fmt: skip
        assert dry.decided()[2].reason.startswith("the same video is already filed as cats/a.mp4: ")


def test_a_move_is_told_of_with_the_number_that_undo_wants(inbox: PredictedInbox) -> None:
    inbox.predictor("a.mp4")
    inbox.sort()
    (told,) = inbox.decided()
    assert told.move is not None
    assert inbox.house.store.journal.get(told.move) == inbox.house.store.journal.latest(1)[0]


def test_a_stage_that_has_nothing_to_do_with_moving_says_nothing(inbox: PredictedInbox) -> None:
    quiet = PredictedInbox(inbox.house, "nothing")
    assert quiet.sort(quiet.predictor("a.mp4")) == 0
    assert quiet.activities == []


def test_of_two_copies_in_the_inbox_one_is_moved_and_the_other_reported(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "b.mp4": b"one", "cats": {}})
    house.synchronize()
    inbox = PredictedInbox(house)
    inbox.predictor("a.mp4")
    assert inbox.sort() == 1
    assert house.on_disk() == {"b.mp4": b"one", "cats": {"a.mp4": b"one"}}
    assert [(one.path, one.moved_to) for one in inbox.decided()] == [("a.mp4", "cats/a.mp4"), ("b.mp4", None)]
    assert inbox.decided()[1].reason.startswith("the same video is already filed as cats/a.mp4: ")
    assert [one.decision.action for one in decide_inbox(house.store, PREDICTOR)] == ["inbox"]


def test_a_video_that_is_filed_elsewhere_stays(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "dogs": {"b.mp4": b"one"}, "cats": {}})
    house.synchronize()
    inbox = PredictedInbox(house)
    inbox.predictor("a.mp4")
    assert inbox.sort() == 0
    assert decide_inbox(house.store, PREDICTOR)[0].decision.reason.startswith(
        "the same video is already filed as dogs/b.mp4: "
    )


def back_by_hand(house: House) -> None:
    house.drag("cats/a.mp4", "a.mp4")
    house.synchronize()


def back_by_command(house: House) -> None:
    entry = house.store.journal.get(1)
    assert entry is not None
    house.mover.undo(entry)


@pytest.mark.parametrize("back", [back_by_hand, back_by_command])
def test_a_video_that_was_taken_back_is_not_moved_there_again(
    inbox: PredictedInbox, back: Callable[[House], None]
) -> None:
    inbox.predictor("a.mp4")
    inbox.sort()
    back(inbox.house)
    assert inbox.sort() == 0
    assert "a.mp4" in inbox.house.on_disk()


def test_a_video_taken_back_by_hand_may_be_moved_elsewhere_one_undone_by_command_not(inbox: PredictedInbox) -> None:
    for path in ("a.mp4", "b.mp4"):
        inbox.predictor(path)
    inbox.sort()
    back_by_command(inbox.house)
    inbox.house.drag("cats/b.mp4", "b.mp4")
    inbox.house.synchronize()
    for path in ("a.mp4", "b.mp4"):
        inbox.predictor(path, "dogs")
    assert inbox.sort() == 1
    assert inbox.house.on_disk() == {"a.mp4": b"one", "cats": {}, "dogs": {"b.mp4": b"two"}}


def test_names_that_are_not_utf_8_can_be_moved_refused_and_told_of(house: House) -> None:
    name, folder = "caf\udce9.mp4", "cr\udce8me"
    house.lay_out({name: b"one", folder: {}})
    house.synchronize()
    inbox = PredictedInbox(house)
    inbox.predictor(name, folder)
    (house.root / folder).rmdir()
    assert inbox.sort() == 0
    (house.root / folder).mkdir()
    house.synchronize()
    house.clock.advance(FIRST_DELAY)
    assert inbox.sort() == 1
    assert house.on_disk() == {folder: {name: b"one"}}


@pytest.mark.parametrize("copy", ["x (1).mp4", "x - Copy.mp4", "x copy.mp4", "x (copy).mp4", "x(2).mp4"])
@pytest.mark.parametrize("everything", [True, False])
def test_of_identical_videos_the_one_with_the_plain_name_is_moved(house: House, copy: str, everything: bool) -> None:
    house.lay_out({copy: b"one", "x.mp4": b"one", "a.mp4": b"two", "z.mp4": b"three", "cats": {}})
    house.synchronize()
    inbox = PredictedInbox(house)
    news = [inbox.predictor(path) for path in ("x.mp4", "a.mp4", "z.mp4")]
    assert inbox.sorter.sort(PREDICTOR, now=house.clock(), news=news, everything=everything) == 3
    assert (house.root / "cats/x.mp4").exists()
    assert (house.root / copy).exists()
    (stayed,) = [one for one in inbox.decided() if one.moved_to is None]
    assert stayed.path == copy
    assert stayed.reason.startswith("the same video is already filed as cats/x.mp4: ")
