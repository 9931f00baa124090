"""What a person can ask for by command."""

from typing import Any

import pytest
from support.workspace import Workspace, when_planned

from sorterd.daemon.requests import RequestRefused, Requests
from sorterd.store.confirmations import unconfirmed


@pytest.fixture
def requests(workspace: Workspace) -> Requests:
    """With three moves made, a minute apart."""
    workspace.take_in({"a.mp4": b"one", "b.mp4": b"two", "c.mp4": b"three", "cats": {"old.mp4": b"four"}})
    for path in ("a.mp4", "b.mp4", "c.mp4"):
        workspace.sort(path)
        workspace.clock.advance(60.0)
    return Requests(workspace.store, workspace.mover, workspace.clock)


def undo(requests: Requests, **which: object) -> tuple[list[int], list[int]]:
    answer = requests.handle({"do": "undo", **which})
    return [one["id"] for one in answer["undone"]], [one["id"] for one in answer["refused"]]


def test_the_last_move_is_undone_unless_told_otherwise(requests: Requests, workspace: Workspace) -> None:
    assert requests.handle({"do": "undo", "id": None, "last": None, "since": None}) == {
        "undone": [{"id": 3, "from": "cats/c.mp4", "to": "c.mp4", "sidecars": [], "left": []}],
        "refused": [],
        "folders_removed": [],
    }
    assert "c.mp4" in workspace.known()


def test_one_the_last_few_or_all_since_a_time_can_be_undone(requests: Requests, workspace: Workspace) -> None:
    assert undo(requests, id=1) == ([1], [])
    assert undo(requests, last=1) == ([3], [])
    assert undo(requests, since=workspace.clock.now - 150.0) == ([2], [])
    assert undo(requests, since=0.0) == ([], [])


def test_the_latest_is_undone_first_so_that_names_are_free_again(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {}})
    workspace.sort("a.mp4")
    workspace.take_in({"a.mp4": b"two"})
    workspace.sort("a.mp4")
    assert undo(Requests(workspace.store, workspace.mover, workspace.clock), last=9) == ([2], [1])
    assert (workspace.root / "a.mp4").read_bytes() == b"two"


def test_what_the_user_has_confirmed_is_only_undone_by_its_number(requests: Requests) -> None:
    requests.handle({"do": "confirm", "path": "cats/c.mp4"})
    assert undo(requests) == ([2], [])
    assert undo(requests, last=9) == ([1], [])
    assert undo(requests, since=0.0) == ([], [])
    assert undo(requests, id=3) == ([3], [])


def test_the_answer_names_the_sidecars_that_came_back_and_those_that_did_not(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "a.jpg": b"picture", "a.srt": b"words", "cats": {}})
    workspace.sort("a.mp4")
    workspace.lay_out({"a.srt": b"other words"})
    (undone,) = Requests(workspace.store, workspace.mover, workspace.clock).handle({"do": "undo"})["undone"]
    assert undone["sidecars"] == ["a.jpg"]
    assert undone["left"] == [{"path": "cats/a.srt", "reason": "a.srt exists already"}]


def test_a_sidecar_whose_name_is_taken_at_the_last_moment_has_not_come_back(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "a.jpg": b"picture", "cats": {}})
    workspace.sort("a.mp4")
    when_planned(workspace, lambda: workspace.lay_out({"a.jpg": b"another"}))
    (undone,) = Requests(workspace.store, workspace.mover, workspace.clock).handle({"do": "undo"})["undone"]
    assert undone["sidecars"] == []
    assert undone["left"] == [{"path": "cats/a.jpg", "reason": "a.jpg exists already"}]


def test_what_cannot_be_undone_does_not_hold_up_the_others(requests: Requests, workspace: Workspace) -> None:
    (workspace.root / "cats/b.mp4").unlink()
    answer = requests.handle({"do": "undo", "last": 3})
    assert [one["id"] for one in answer["undone"]] == [3, 1]
    (refused,) = answer["refused"]
    assert (refused["id"], refused["path"]) == (2, "cats/b.mp4")
    assert "cats/b.mp4" in refused["reason"]


def test_failed_videos_are_tried_again_singly_or_all(requests: Requests, workspace: Workspace) -> None:
    for path in ("cats/a.mp4", "cats/b.mp4"):
        workspace.store.features.fail(workspace.at(path).fingerprint, "no", attempts=3, retry_at=0.0, failed=True)
    assert requests.handle({"do": "retry", "path": "cats/a.mp4"}) == {"retried": 1}
    assert requests.handle({"do": "retry", "path": None}) == {"retried": 1}
    assert requests.handle({"do": "retry"}) == {"retried": 0}


def test_a_file_that_cannot_even_be_read_can_be_tried_again(requests: Requests, workspace: Workspace) -> None:
    workspace.take_in({"empty.mp4": b""})
    assert requests.handle({"do": "retry", "path": "empty.mp4"}) == {"retried": 1}


def test_videos_are_filed_and_the_answer_says_where_they_are(requests: Requests, workspace: Workspace) -> None:
    workspace.take_in({"d.mp4": b"five", "d.jpg": b"picture", "d.srt": b"words", "dogs": {"d.srt.part": b""}})
    when_planned(workspace, lambda: workspace.lay_out({"dogs": {"d.srt": b"other words"}}))
    answer = requests.handle({"do": "file", "paths": ["d.mp4", "cats/a.mp4", "no.mp4"], "folder": "dogs", "new": False})
    assert answer == {
        "filed": [
            {"id": 4, "from": "d.mp4", "to": "dogs/d.mp4", "sidecars": ["dogs/d.jpg"],
             "left": [{"path": "d.srt", "reason": "dogs/d.srt exists already"}]},
            {"id": 5, "from": "cats/a.mp4", "to": "dogs/a.mp4", "sidecars": [], "left": []},
        ],
        "refused": [
            {"path": "no.mp4", "reason": "no video is known at no.mp4; 'sorterd find' looks for one by name"}
        ],
    }  # fmt: skip
    assert undo(requests, last=2) == ([5, 4], [])
    assert workspace.known()["cats/a.mp4"] == "auto"


def test_videos_and_whole_folders_are_confirmed_at_once(requests: Requests, workspace: Workspace) -> None:
    workspace.lay_out({"cats": {"kittens": {}}, "dogs": {"d.mp4": b"five"}})
    workspace.drag("cats/b.mp4", "cats/kittens/b.mp4")
    workspace.synchronize()
    answer = requests.handle({"do": "confirm", "paths": ["cats/c.mp4", "cats/c.mp4", "cats/kittens", "dogs", "no"]})
    assert answer == {
        "confirmed": [{"path": "cats/c.mp4", "category": "cats"}, {"path": "cats/kittens/b.mp4", "category": "cats"}],
        "refused": [
            {"path": "cats/c.mp4", "reason": "cats/c.mp4 is already labelled cats by you"},
            {"path": "dogs", "reason": "nothing in dogs is there by a move of sorterd's that you have not confirmed"},
            {"path": "no", "reason": "no video is known at no; 'sorterd find' looks for one by name"},
        ],
    }
    assert workspace.known()["cats/a.mp4"] == "auto"
    assert requests.handle({"do": "confirm", "paths": ["cats"]})["confirmed"] == [
        {"path": "cats/a.mp4", "category": "cats"}
    ]
    assert unconfirmed(workspace.store.connection) == []


def test_all_moves_are_confirmed_at_once(requests: Requests) -> None:
    answer = requests.handle({"do": "confirm", "all": True})
    assert [one["path"] for one in answer["confirmed"]] == ["cats/a.mp4", "cats/b.mp4", "cats/c.mp4"]
    assert requests.handle({"do": "confirm", "all": True}) == {"confirmed": [], "refused": []}


def test_a_name_no_file_can_have_is_refused_before_anything_moves(requests: Requests, workspace: Workspace) -> None:
    (workspace.root / "d.mp4").write_bytes(b"five")
    workspace.synchronize()
    with pytest.raises(RequestRefused, match="no file can have a name"):
        requests.handle({"do": "file", "paths": ["d.mp4", "\ud800.mp4"], "folder": "cats", "new": False})
    assert "d.mp4" in workspace.known()


def test_a_path_that_exists_is_not_taken_for_one_that_is_spelt_like_it(requests: Requests) -> None:
    request = {"do": "confirm", "paths": ["cats/A.mp4", "cats/B.mp4"], "there": [True, False]}
    assert [one["path"] for one in requests.handle(request)["confirmed"]] == ["cats/b.mp4"]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"do": "confirm", "paths": "cats"}, "takes a list of paths"),
        ({"do": "file", "paths": ["d.mp4"], "folder": "birds"}, "there is no folder birds. A new one is made only if"),
        ({"do": "file", "paths": ["d.mp4"], "folder": "..", "new": True}, "give its name alone"),
        ({"do": "file", "paths": "d.mp4", "folder": "cats"}, "takes a list of paths and the name of a folder"),
        ({"do": "file", "paths": ["d.mp4", 1], "folder": "cats"}, "takes a list of paths and the name of a folder"),
        ({"do": "file", "folder": "cats"}, "takes a list of paths and the name of a folder"),
        ({"do": "file", "paths": ["d.mp4"]}, "takes a list of paths and the name of a folder"),
        ({"do": "undo", "id": 99}, "there is no move 99"),
        ({"do": "undo", "last": -1}, "at least 1"),
        ({"do": "retry", "path": "nowhere.mp4"}, "no video is known at nowhere.mp4; 'sorterd find' looks for one by"),
        ({"do": "confirm", "path": "nowhere.mp4"}, "no video is known at nowhere.mp4; 'sorterd find' looks for one"),
        ({"do": "confirm", "path": "d.mp4"}, "d.mp4 lies in the inbox: file it, or drag it into a folder instead"),
        ({"do": "confirm", "path": "cats/old.mp4"}, "cats/old.mp4 is already labelled cats by you"),
        ({"do": "dance"}, "unknown request 'dance'"),
        ({}, "unknown request None"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    requests: Requests, workspace: Workspace, request_: dict[str, Any], reason: str
) -> None:
    workspace.take_in({"d.mp4": b"five"})
    with pytest.raises(RequestRefused, match=reason):
        requests.handle(request_)
