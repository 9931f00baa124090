"""From the model's prediction to a move, or to a reason why not."""

import pytest
from support.workspace import Workspace, when_planned

from sorterd.activity import Fault
from sorterd.backoff import FIRST_DELAY
from sorterd.sorting.inbox_decisions import decide_inbox
from sorting.inbox import PREDICTOR, PredictedInbox
from sorting.test_mover import entry


def test_sure_ones_are_moved_and_told_of(inbox: PredictedInbox) -> None:
    inbox.predictor("a.mp4")
    inbox.predictor("b.mp4", "dogs")
    assert inbox.sort() == 2
    assert inbox.workspace.on_disk() == {"cats": {"a.mp4": b"one"}, "dogs": {"b.mp4": b"two"}}
    assert [(one.path, one.moved_to, one.reason, one.move) for one in inbox.decided()] == [
        ("a.mp4", "cats/a.mp4", "like cats", 1),
        ("b.mp4", "dogs/b.mp4", "like cats", 2),
    ]
    assert inbox.sort() == 0


def test_a_sidecar_that_could_not_follow_is_told_of(inbox: PredictedInbox) -> None:
    inbox.workspace.lay_out({"a.jpg": b"picture"})
    inbox.predictor("a.mp4")
    when_planned(inbox.workspace, lambda: inbox.workspace.lay_out({"cats": {"a.jpg": b"another"}}))
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
    assert decide_inbox(inbox.workspace.store, None) == []


def test_a_dry_run_says_what_it_would_move_and_moves_nothing(inbox: PredictedInbox) -> None:
    dry = PredictedInbox(inbox.workspace, "report")
    before = dry.workspace.on_disk()
    assert dry.sort(dry.predictor("a.mp4")) == 0
    assert dry.workspace.on_disk() == before
    (told,) = dry.decided()
    assert (told.moved_to, told.would_move) == (None, True)


def test_a_dry_run_of_one_pass_reports_every_decision_however_often_it_is_asked(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "copy.mp4": b"one", "b.mp4": b"two", "cats": {}})
    for _ in range(2):
        dry = PredictedInbox(workspace, "report")
        dry.sorter.report_all = True
        dry.predictor("a.mp4")
        dry.predictor("b.mp4", sure=False)
        assert dry.sort() == 0
        assert [(one.path, one.would_move) for one in dry.decided()] == [
            ("a.mp4", True), ("b.mp4", False), ("copy.mp4", False),
        ]  # fmt: skip
        assert dry.decided()[2].reason.startswith("the same video is already filed as cats/a.mp4: ")


def test_a_stage_that_has_nothing_to_do_with_moving_says_nothing(inbox: PredictedInbox) -> None:
    quiet = PredictedInbox(inbox.workspace, "nothing")
    assert quiet.sort(quiet.predictor("a.mp4")) == 0
    assert quiet.activities == []


def test_of_two_copies_in_the_inbox_one_is_moved_and_the_other_reported(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "b.mp4": b"one", "cats": {}})
    inbox = PredictedInbox(workspace)
    inbox.predictor("a.mp4")
    assert inbox.sort() == 1
    assert workspace.on_disk() == {"b.mp4": b"one", "cats": {"a.mp4": b"one"}}
    assert [(one.path, one.moved_to) for one in inbox.decided()] == [("a.mp4", "cats/a.mp4"), ("b.mp4", None)]
    assert inbox.decided()[1].reason.startswith("the same video is already filed as cats/a.mp4: ")
    assert [one.decision.action for one in decide_inbox(workspace.store, PREDICTOR)] == ["inbox"]


def test_a_video_that_is_filed_elsewhere_stays(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "dogs": {"b.mp4": b"one"}, "cats": {}})
    inbox = PredictedInbox(workspace)
    inbox.predictor("a.mp4")
    assert inbox.sort() == 0
    assert decide_inbox(workspace.store, PREDICTOR)[0].decision.reason.startswith(
        "the same video is already filed as dogs/b.mp4: "
    )


def test_a_video_taken_back_is_not_moved_there_again_and_if_undone_by_command_nowhere(
    inbox: PredictedInbox,
) -> None:
    for path in ("a.mp4", "b.mp4"):
        inbox.predictor(path)
    inbox.sort()
    inbox.workspace.mover.undo(entry(inbox.workspace))
    inbox.workspace.drag("cats/b.mp4", "b.mp4")
    inbox.workspace.synchronize()
    assert inbox.sort() == 0
    for path in ("a.mp4", "b.mp4"):
        inbox.predictor(path, "dogs")
    assert inbox.sort() == 1
    assert inbox.workspace.on_disk() == {"a.mp4": b"one", "cats": {}, "dogs": {"b.mp4": b"two"}}


def test_names_that_are_not_utf_8_can_be_moved_refused_and_told_of(workspace: Workspace) -> None:
    name, folder = "caf\udce9.mp4", "cr\udce8me"
    workspace.take_in({name: b"one", folder: {}})
    inbox = PredictedInbox(workspace)
    inbox.predictor(name, folder)
    (workspace.root / folder).rmdir()
    assert inbox.sort() == 0
    (workspace.root / folder).mkdir()
    workspace.synchronize()
    workspace.clock.advance(FIRST_DELAY)
    assert inbox.sort() == 1
    assert workspace.on_disk() == {folder: {name: b"one"}}


@pytest.mark.parametrize("copy", ["x (1).mp4", "x - Copy.mp4", "x copy.mp4", "x (copy).mp4", "x(2).mp4"])
@pytest.mark.parametrize("everything", [True, False])
def test_of_identical_videos_the_one_named_plainly_is_moved(workspace: Workspace, copy: str, everything: bool) -> None:
    workspace.take_in({copy: b"one", "x.mp4": b"one", "a.mp4": b"two", "z.mp4": b"three", "cats": {}})
    inbox = PredictedInbox(workspace)
    news = [inbox.predictor(path) for path in ("x.mp4", "a.mp4", "z.mp4")]
    assert inbox.sorter.sort(PREDICTOR, now=workspace.clock(), news=news, everything=everything).moved == 3
    assert (workspace.root / "cats/x.mp4").exists()
    assert (workspace.root / copy).exists()
    (stayed,) = [one for one in inbox.decided() if one.moved_to is None]
    assert stayed.path == copy
    assert stayed.reason.startswith("the same video is already filed as cats/x.mp4: ")
