"""What the log of the service says."""

from dataclasses import replace

import pytest
import structlog
from structlog.testing import capture_logs

from sorterd.activity import Decided, ServiceLog
from sorterd.prediction import Prediction

CATS = Prediction("cats", 0.4321, (("cats", 0.4321),), False, "not sure")
WAITS = Decided("a.mp4", CATS, "not sure", None)


@pytest.fixture(autouse=True)
def _a_log_that_can_be_captured() -> None:
    structlog.reset_defaults()


def logged(*decisions: Decided) -> list[dict[str, object]]:
    log = ServiceLog()
    with capture_logs() as lines:
        for one in decisions:
            log.write(one)
    return [{key: value for key, value in line.items() if key != "log_level"} for line in lines]


def test_a_video_that_waits_is_told_of_once_per_change() -> None:
    trained_again = replace(WAITS, prediction=replace(CATS, confidence=0.5), reason="still not sure")
    for_dogs = replace(WAITS, prediction=replace(CATS, folder="dogs"))
    assert logged(WAITS, trained_again, WAITS, for_dogs, for_dogs, WAITS) == [
        {"event": "left in the inbox", "path": "a.mp4", "folder": folder, "confidence": 0.432, "reason": "not sure"}
        for folder in ("cats", "dogs", "cats")
    ]
    assert [line["event"] for line in logged(WAITS, replace(WAITS, would_move=True))] == [
        "left in the inbox", "would move",
    ]  # fmt: skip


def test_a_move_says_the_name_once_and_the_number_that_undo_wants() -> None:
    moved = replace(WAITS, moved_to="cats/a.mp4", move=12)
    (line,) = logged(moved)
    assert line == {
        "event": "moved", "path": "a.mp4", "folder": "cats", "move": 12, "confidence": 0.432, "reason": "not sure",
    }  # fmt: skip
    (renamed,) = logged(replace(moved, moved_to="cats/a (2).mp4"))
    assert renamed["to"] == "cats/a (2).mp4"


def test_what_came_back_into_the_inbox_is_news() -> None:
    assert len(logged(WAITS, replace(WAITS, moved_to="cats/a.mp4", move=1), WAITS)) == 3
