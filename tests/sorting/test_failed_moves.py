"""Moves that fail: when they are tried again, and what is said of them."""

import errno
from pathlib import Path

import pytest
from support.faults import as_if_disk_refused

from sorterd.backoff import FIRST_DELAY
from sorterd.sorting.sorter import Sorter
from sorting.inbox import PredictedInbox


def test_a_move_that_fails_is_tried_again_with_growing_waits_and_its_reason_is_kept(inbox: PredictedInbox) -> None:
    inbox.predictor("a.mp4")
    (inbox.workspace.root / "cats").rmdir()  # since the last sync
    assert inbox.sort() == 0
    assert inbox.sorter.next_try(inbox.workspace.clock()) == inbox.workspace.clock() + FIRST_DELAY
    reason = inbox.sorter.failed.reasons["a.mp4"]
    assert reason.startswith("could not be moved into cats: the folder cats cannot be reached")
    assert inbox.sort() == 0
    assert len(inbox.faults()) == 1, "not tried again before its time"
    inbox.workspace.clock.advance(FIRST_DELAY)
    assert inbox.sort() == 0
    assert len(inbox.faults()) == 2
    (inbox.workspace.root / "cats").mkdir()
    inbox.workspace.synchronize()
    inbox.workspace.clock.advance(FIRST_DELAY * 8)
    assert inbox.sort() == 1
    assert (inbox.sorter.failed.again, inbox.sorter.failed.reasons) == ({}, {})
    assert inbox.sorter.next_try(inbox.workspace.clock()) is None


def refused_by_the_disk(inbox: PredictedInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on NTFS: a.mp4 has become "what? a.mp4", and cats takes no such name."""
    inbox.workspace.drag("a.mp4", "what? a.mp4")
    inbox.workspace.synchronize()
    inbox.predictor("what? a.mp4")
    cats = inbox.workspace.root / "cats"
    as_if_disk_refused(monkeypatch.setattr, cats, lambda name: errno.EINVAL if "?" in name else None)


def test_a_name_that_the_disk_refuses_is_not_tried_again_until_something_has_changed(
    inbox: PredictedInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_by_the_disk(inbox, monkeypatch)
    assert inbox.sort() == 0
    reason = inbox.sorter.failed.reasons["what? a.mp4"]
    assert reason == "could not be moved into cats: its name has '?' in it, which that disk refuses; rename it without"
    tries = len(inbox.workspace.store.journal.of(inbox.workspace.at("what? a.mp4").fingerprint))
    for hours in (1, 24, 24 * 30):
        inbox.workspace.clock.advance(hours * 3600)
        assert inbox.sort() == 0
    assert inbox.sorter.next_try(inbox.workspace.clock()) is None
    inbox.workspace.restart()
    inbox.sorter = Sorter(inbox.workspace.store, inbox.workspace.mover, inbox.activities.append, "move")
    assert inbox.sorter.failed.reasons == {"what? a.mp4": reason}
    assert inbox.sort() == 0
    assert len(inbox.workspace.store.journal.of(inbox.workspace.at("what? a.mp4").fingerprint)) == tries
    inbox.workspace.drag("what? a.mp4", "a.mp4")
    inbox.workspace.synchronize()
    assert inbox.sort() == 1
    assert inbox.sorter.failed.reasons == {}
    assert inbox.workspace.store.unmoved.all() == {}


def test_a_folder_that_takes_the_name_is_tried_at_once(inbox: PredictedInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_the_disk(inbox, monkeypatch)
    inbox.sort()
    inbox.predictor("what? a.mp4", "dogs")
    assert inbox.sort() == 1


@pytest.mark.parametrize("change", ["unlocked", "touched", "the folder is made again"])
def test_what_has_changed_is_tried_at_once(inbox: PredictedInbox, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    refused_by_the_disk(inbox, monkeypatch)
    inbox.sort()
    assert not inbox.sorter.failed.may_work_now()
    monkeypatch.undo()
    match change:
        case "unlocked":
            (inbox.workspace.root / "cats").chmod(0o711)
        case "touched":
            (inbox.workspace.root / "what? a.mp4").chmod(0o600)
        case _:
            (inbox.workspace.root / "cats").rename(inbox.workspace.root / "old")
            (inbox.workspace.root / "cats").mkdir()
            inbox.workspace.synchronize()
    assert inbox.sorter.failed.may_work_now()
    assert inbox.sort() == 1


def test_a_failure_is_tried_again_when_its_cause_goes(inbox: PredictedInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.predictor("a.mp4")
    (inbox.workspace.root / "cats").chmod(0o500)
    monkeypatch.setattr("sorterd.library.transfer.rename_new", denied)
    assert inbox.sort() == 0
    monkeypatch.undo()
    assert inbox.sort() == 0
    (inbox.workspace.root / "cats").chmod(0o700)
    assert inbox.sort() == 1


def denied(*_: object) -> None:
    raise PermissionError(errno.EACCES, "Permission denied")


def test_without_a_model_the_failures_are_kept(inbox: PredictedInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_the_disk(inbox, monkeypatch)
    inbox.sort()
    inbox.sorter.sort(None, now=inbox.workspace.clock())
    assert inbox.sorter.failed.reasons.keys() == {"what? a.mp4"}


def test_the_trouble_with_a_video_that_is_not_to_be_moved_any_more_is_forgotten(inbox: PredictedInbox) -> None:
    inbox.predictor("a.mp4")
    (inbox.workspace.root / "cats").rmdir()
    inbox.sort()
    inbox.workspace.synchronize()
    inbox.sort()
    assert (inbox.sorter.failed.again, inbox.sorter.next_try(inbox.workspace.clock())) == ({}, None)


def test_one_video_that_cannot_be_moved_does_not_hold_up_another(inbox: PredictedInbox) -> None:
    inbox.predictor("a.mp4")
    inbox.predictor("b.mp4", "dogs")
    (inbox.workspace.root / "cats").rmdir()
    assert inbox.sort() == 1
    assert Path(inbox.workspace.root / "dogs/b.mp4").exists()
