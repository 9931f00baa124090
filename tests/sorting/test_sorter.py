"""From the model's prediction to a move, or to a reason why not."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from support.faults import as_if_disk_refused
from support.house import House, when_planned

from sorterd.activity import Activity, Decided, Fault
from sorterd.backoff import FIRST_DELAY
from sorterd.prediction import Prediction
from sorterd.sorting.sorter import Sorter, decide_inbox

PREDICTOR = "model 1"


class Desk:
    """An inbox with the predictions of a model."""

    def __init__(self, house: House, mode: Literal["move", "report", "nothing"] = "move") -> None:
        self.house = house
        self.told: list[Activity] = []
        self.sorter = Sorter(house.store, house.mover, self.told.append, mode)

    def predictor(self, path: str, folder: str = "cats", *, sure: bool = True, predictor: str = PREDICTOR) -> str:
        content = self.house.at(path).fingerprint
        prediction = Prediction(folder, 0.9, ((folder, 0.9),), sure, "like cats" if sure else "not sure")
        self.house.store.predictions.put(content, predictor, prediction, now=1.0)
        return content

    def sort(self, *news: str) -> int:
        return self.sorter.sort(PREDICTOR, now=self.house.clock(), news=news)

    def decided(self) -> list[Decided]:
        return [one for one in self.told if isinstance(one, Decided)]

    def troubles(self) -> list[Fault]:
        return [one for one in self.told if isinstance(one, Fault)]


@pytest.fixture
def desk(house: House) -> Desk:
    house.lay_out({"a.mp4": b"one", "b.mp4": b"two", "cats": {}, "dogs": {}})
    house.synchronize()
    return Desk(house)


def test_sure_ones_are_moved_and_told_of(desk: Desk) -> None:
    desk.predictor("a.mp4")
    desk.predictor("b.mp4", "dogs")
    assert desk.sort() == 2
    assert desk.house.on_disk() == {"cats": {"a.mp4": b"one"}, "dogs": {"b.mp4": b"two"}}
    assert [(one.path, one.moved_to, one.reason) for one in desk.decided()] == [
        ("a.mp4", "cats/a.mp4", "like cats"),
        ("b.mp4", "dogs/b.mp4", "like cats"),
    ]
    assert desk.sort() == 0


def test_a_sidecar_that_could_not_follow_is_told_of(desk: Desk) -> None:
    desk.house.lay_out({"a.jpg": b"picture"})
    desk.predictor("a.mp4")
    when_planned(desk.house, lambda: desk.house.lay_out({"cats": {"a.jpg": b"another"}}))
    assert desk.sort() == 1
    assert desk.troubles() == [Fault("a.jpg", "did not follow its video: cats/a.jpg exists already")]


def test_unsure_ones_stay_and_are_told_of_once_as_news(desk: Desk) -> None:
    content = desk.predictor("a.mp4", sure=False)
    assert desk.sort(content) == 0
    assert desk.sort() == 0
    (told,) = desk.decided()
    assert (told.path, told.moved_to, told.would_move, told.reason) == ("a.mp4", None, False, "not sure")


def test_predictions_of_another_model_do_not_count(desk: Desk) -> None:
    desk.predictor("a.mp4", predictor="model 0")
    assert desk.sort() == 0
    assert decide_inbox(desk.house.store, None) == []


def test_a_dry_run_says_what_it_would_move_and_moves_nothing(desk: Desk) -> None:
    dry = Desk(desk.house, "report")
    before = dry.house.on_disk()
    assert dry.sort(dry.predictor("a.mp4")) == 0
    assert dry.house.on_disk() == before
    (told,) = dry.decided()
    assert (told.moved_to, told.would_move) == (None, True)


def test_a_dry_run_of_one_pass_reports_every_decision_however_often_it_is_asked(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "copy.mp4": b"one", "b.mp4": b"two", "cats": {}})
    house.synchronize()
    for _ in range(2):
        dry = Desk(house, "report")
        dry.sorter.report_all = True
        dry.predictor("a.mp4")
        dry.predictor("b.mp4", sure=False)
        assert dry.sort() == 0
        assert [(one.path, one.would_move) for one in dry.decided()] == [
            ("a.mp4", True), ("b.mp4", False), ("copy.mp4", False),
        ]  # fmt: skip
        assert dry.decided()[2].reason == "the same video is already filed as cats/a.mp4"


def test_a_move_is_told_of_with_the_number_that_undo_wants(desk: Desk) -> None:
    desk.predictor("a.mp4")
    desk.sort()
    (told,) = desk.decided()
    assert told.move is not None
    assert desk.house.store.journal.get(told.move) == desk.house.store.journal.latest(1)[0]


def test_a_stage_that_has_nothing_to_do_with_moving_says_nothing(desk: Desk) -> None:
    quiet = Desk(desk.house, "nothing")
    assert quiet.sort(quiet.predictor("a.mp4")) == 0
    assert quiet.told == []


def test_of_two_copies_in_the_inbox_one_is_moved_and_the_other_reported(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "b.mp4": b"one", "cats": {}})
    house.synchronize()
    desk = Desk(house)
    desk.predictor("a.mp4")
    assert desk.sort() == 1
    assert house.on_disk() == {"b.mp4": b"one", "cats": {"a.mp4": b"one"}}
    assert [(one.path, one.moved_to) for one in desk.decided()] == [("a.mp4", "cats/a.mp4"), ("b.mp4", None)]
    assert desk.decided()[1].reason == "the same video is already filed as cats/a.mp4"
    assert [one.decision.action for one in decide_inbox(house.store, PREDICTOR)] == ["inbox"]


def test_a_video_that_is_filed_elsewhere_stays(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "dogs": {"b.mp4": b"one"}, "cats": {}})
    house.synchronize()
    desk = Desk(house)
    desk.predictor("a.mp4")
    assert desk.sort() == 0
    assert decide_inbox(house.store, PREDICTOR)[0].decision.reason == "the same video is already filed as dogs/b.mp4"


def back_by_hand(house: House) -> None:
    house.drag("cats/a.mp4", "a.mp4")
    house.synchronize()


def back_by_command(house: House) -> None:
    entry = house.store.journal.get(1)
    assert entry is not None
    house.mover.undo(entry)


@pytest.mark.parametrize("back", [back_by_hand, back_by_command])
def test_a_video_that_was_taken_back_is_not_moved_there_again(desk: Desk, back: Callable[[House], None]) -> None:
    desk.predictor("a.mp4")
    desk.sort()
    back(desk.house)
    assert desk.sort() == 0
    assert "a.mp4" in desk.house.on_disk()


def test_a_video_taken_back_by_hand_may_be_moved_elsewhere_one_undone_by_command_not(desk: Desk) -> None:
    for path in ("a.mp4", "b.mp4"):
        desk.predictor(path)
    desk.sort()
    back_by_command(desk.house)
    desk.house.drag("cats/b.mp4", "b.mp4")
    desk.house.synchronize()
    for path in ("a.mp4", "b.mp4"):
        desk.predictor(path, "dogs")
    assert desk.sort() == 1
    assert desk.house.on_disk() == {"a.mp4": b"one", "cats": {}, "dogs": {"b.mp4": b"two"}}


def test_a_move_that_fails_is_tried_again_with_growing_waits_and_its_reason_is_kept(desk: Desk) -> None:
    desk.predictor("a.mp4")
    (desk.house.root / "cats").rmdir()  # since the last sync
    assert desk.sort() == 0
    assert desk.sorter.next_try(desk.house.clock()) == desk.house.clock() + FIRST_DELAY
    reason = desk.sorter.failed.reasons["a.mp4"]
    assert reason.startswith("could not be moved into cats: the folder cats cannot be reached")
    assert desk.sort() == 0
    assert len(desk.troubles()) == 1, "not tried again before its time"
    desk.house.clock.advance(FIRST_DELAY)
    assert desk.sort() == 0
    assert len(desk.troubles()) == 2
    (desk.house.root / "cats").mkdir()
    desk.house.synchronize()
    desk.house.clock.advance(FIRST_DELAY * 8)
    assert desk.sort() == 1
    assert (desk.sorter.failed.again, desk.sorter.failed.reasons) == ({}, {})
    assert desk.sorter.next_try(desk.house.clock()) is None


def refused_by_the_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on NTFS: a.mp4 has become "what? a.mp4", and cats takes no such name."""
    desk.house.drag("a.mp4", "what? a.mp4")
    desk.house.synchronize()
    desk.predictor("what? a.mp4")
    cats = desk.house.root / "cats"
    as_if_disk_refused(monkeypatch.setattr, cats, lambda name: errno.EINVAL if "?" in name else None)


def test_a_name_that_the_disk_refuses_is_not_tried_again_until_something_has_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_by_the_disk(desk, monkeypatch)
    assert desk.sort() == 0
    reason = desk.sorter.failed.reasons["what? a.mp4"]
    assert reason == "could not be moved into cats: its name has '?' in it, which that disk refuses; rename it without"
    tries = len(desk.house.store.journal.of(desk.house.at("what? a.mp4").fingerprint))
    for hours in (1, 24, 24 * 30):
        desk.house.clock.advance(hours * 3600)
        assert desk.sort() == 0
    assert desk.sorter.next_try(desk.house.clock()) is None
    desk.house.restart()
    desk.sorter = Sorter(desk.house.store, desk.house.mover, desk.told.append, "move")
    assert desk.sorter.failed.reasons == {"what? a.mp4": reason}
    assert desk.sort() == 0
    assert len(desk.house.store.journal.of(desk.house.at("what? a.mp4").fingerprint)) == tries
    desk.house.drag("what? a.mp4", "a.mp4")
    desk.house.synchronize()
    assert desk.sort() == 1
    assert desk.sorter.failed.reasons == {}
    assert desk.house.store.unmoved.all() == {}


def test_another_folder_that_takes_the_name_is_tried_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_the_disk(desk, monkeypatch)
    desk.sort()
    desk.predictor("what? a.mp4", "dogs")
    assert desk.sort() == 1


@pytest.mark.parametrize("change", ["unlocked", "touched", "the folder is made anew"])
def test_what_has_changed_is_tried_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    refused_by_the_disk(desk, monkeypatch)
    desk.sort()
    assert not desk.sorter.failed.may_work_now()
    monkeypatch.undo()
    match change:
        case "unlocked":
            (desk.house.root / "cats").chmod(0o711)
        case "touched":
            (desk.house.root / "what? a.mp4").chmod(0o600)
        case _:
            (desk.house.root / "cats").rename(desk.house.root / "old")
            (desk.house.root / "cats").mkdir()
            desk.house.synchronize()
    assert desk.sorter.failed.may_work_now()
    assert desk.sort() == 1


def test_a_passing_failure_is_tried_at_once_when_its_cause_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.predictor("a.mp4")
    (desk.house.root / "cats").chmod(0o500)
    monkeypatch.setattr("sorterd.library.transfer.rename_new", _denied)
    assert desk.sort() == 0
    monkeypatch.undo()
    assert desk.sort() == 0
    (desk.house.root / "cats").chmod(0o700)
    assert desk.sort() == 1


def _denied(*_: object) -> None:
    raise PermissionError(errno.EACCES, "Permission denied")


def test_without_a_model_the_failures_are_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_the_disk(desk, monkeypatch)
    desk.sort()
    desk.sorter.sort(None, now=desk.house.clock())
    assert desk.sorter.failed.reasons.keys() == {"what? a.mp4"}


def test_the_trouble_with_a_video_that_is_not_to_be_moved_any_more_is_forgotten(desk: Desk) -> None:
    desk.predictor("a.mp4")
    (desk.house.root / "cats").rmdir()
    desk.sort()
    desk.house.synchronize()
    desk.sort()
    assert (desk.sorter.failed.again, desk.sorter.next_try(desk.house.clock())) == ({}, None)


def test_one_video_that_cannot_be_moved_does_not_hold_up_another(desk: Desk) -> None:
    desk.predictor("a.mp4")
    desk.predictor("b.mp4", "dogs")
    (desk.house.root / "cats").rmdir()
    assert desk.sort() == 1
    assert Path(desk.house.root / "dogs/b.mp4").exists()


def test_names_that_are_not_utf_8_can_be_moved_refused_and_told_of(house: House) -> None:
    name, folder = "caf\udce9.mp4", "cr\udce8me"
    house.lay_out({name: b"one", folder: {}})
    house.synchronize()
    desk = Desk(house)
    desk.predictor(name, folder)
    (house.root / folder).rmdir()
    assert desk.sort() == 0
    (house.root / folder).mkdir()
    house.synchronize()
    house.clock.advance(FIRST_DELAY)
    assert desk.sort() == 1
    assert house.on_disk() == {folder: {name: b"one"}}


@pytest.mark.parametrize("copy", ["x (1).mp4", "x - Copy.mp4", "x copy.mp4", "x (copy).mp4", "x(2).mp4"])
@pytest.mark.parametrize("everything", [True, False])
def test_of_identical_videos_the_one_with_the_plain_name_is_moved(house: House, copy: str, everything: bool) -> None:
    house.lay_out({copy: b"one", "x.mp4": b"one", "a.mp4": b"two", "z.mp4": b"three", "cats": {}})
    house.synchronize()
    desk = Desk(house)
    news = [desk.predictor(path) for path in ("x.mp4", "a.mp4", "z.mp4")]
    assert desk.sorter.sort(PREDICTOR, now=house.clock(), news=news, everything=everything) == 3
    assert (house.root / "cats/x.mp4").exists()
    assert (house.root / copy).exists()
    (stayed,) = [one for one in desk.decided() if one.moved_to is None]
    assert (stayed.path, stayed.reason) == (copy, "the same video is already filed as cats/x.mp4")
