"""A program puts another form of a video in the place of one that we have moved, while the service runs or not: our
guess does not become the user's word, and the move can still be taken back."""

from collections.abc import Callable

import pytest
from support.running import Running, Words
from support.workspace import Workspace

Step = Callable[[Workspace], None]


def comes(name: str) -> Step:
    return lambda workspace: workspace.lay_out({"cats": {name: b"cat 3, smaller"}})


def goes(workspace: Workspace) -> None:
    (workspace.root / "cats/new.mp4").unlink()


def set_aside(workspace: Workspace) -> None:
    workspace.drag("cats/new.mp4", "cats/new_original.mp4")


def the_rest_goes(workspace: Workspace) -> None:
    (workspace.root / "cats/new_original.mp4").unlink()


STORIES: dict[str, tuple[str, list[Step]]] = {
    "the first goes first": ("new.mkv", [goes, comes("new.mkv")]),
    "the first goes last": ("new.mkv", [comes("new.mkv"), goes]),
    "written over": ("new.mp4", [comes("new.mp4")]),
    "a numbered name": ("new (1).mp4", [comes("new (1).mp4"), goes]),
    "set aside": ("new.mp4", [set_aside, comes("new.mp4"), the_rest_goes]),
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("looks", ["after every step", "at the end", "at the end, after a restart"])
def test_our_move_stays_ours_and_can_be_undone(workspace: Workspace, story: str, looks: str) -> None:
    name, steps = STORIES[story]
    workspace.lay_out({"cats": {"c1.mp4": b"cat 1"}, "dogs": {"d1.mp4": b"dog 1"}, "new.mp4": b"cat 3"})
    running = Running(workspace, Words(workspace.clock)).run()
    assert workspace.known()["cats/new.mp4"] == "auto"
    for step in steps:
        step(workspace)
        workspace.clock.advance(60.0)
        if looks == "after every step":
            running.run()
    if "restart" in looks:
        running.restart()
    running.run()
    assert workspace.known()[f"cats/{name}"] == "auto"
    assert set(workspace.store.files.labels().values()) == {"cats", "dogs"}
    assert len(workspace.store.files.labels()) == 2
    assert workspace.store.files.rejections() == {}
    answer = running.request(do="undo")
    assert answer["refused"] == []
    running.run()
    assert workspace.known()[name] is None
    assert (workspace.root / name).read_bytes() == b"cat 3, smaller"


def test_what_we_put_beside_a_video_of_the_users_stays_ours_when_that_one_goes(workspace: Workspace) -> None:
    """We had to call it `a (2).mp4`, which is what programs call another form of `a.mp4`."""
    workspace.take_in({"a.mp4": b"two", "cats": {"a.mp4": b"one"}})
    workspace.sort("a.mp4")
    assert workspace.known() == {"cats/a.mp4": "user", "cats/a (2).mp4": "auto"}
    (workspace.root / "cats/a.mp4").unlink()
    workspace.synchronize(believe=True)
    assert workspace.known() == {"cats/a (2).mp4": "auto"}


def test_a_known_video_that_the_user_drags_beside_ours_stays_the_users_when_ours_goes(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"two", "cats": {"a.mp4": b"one"}, "dogs": {"a (2) (2).mp4": b"three"}})
    workspace.sort("a.mp4")
    workspace.clock.advance(60.0)
    workspace.drag("dogs/a (2) (2).mp4", "cats/a (2) (2).mp4")
    workspace.synchronize()
    workspace.restart()
    workspace.clock.advance(60.0)
    (workspace.root / "cats/a (2).mp4").unlink()
    workspace.synchronize()
    assert workspace.known() == {"cats/a.mp4": "user", "cats/a (2) (2).mp4": "user"}
    assert workspace.store.journal.of(workspace.at("cats/a (2) (2).mp4").fingerprint) == []


def test_a_video_of_the_users_stays_the_users_when_one_goes_that_we_put_beside_it_later(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"two", "cats": {"b.mp4": b"one"}})
    workspace.take_in({"cats": {"a (2).mp4": b"three"}})
    workspace.clock.advance(60.0)
    workspace.sort("a.mp4")
    (workspace.root / "cats/a.mp4").unlink()
    workspace.synchronize()
    assert workspace.known() == {"cats/a (2).mp4": "user", "cats/b.mp4": "user"}


def test_of_two_that_we_put_beside_each_other_each_keeps_its_own_move(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"b"}})
    workspace.sort("a.mp4")
    workspace.take_in({"a.mp4": b"two"})
    workspace.sort("a.mp4")
    second = workspace.at("cats/a (2).mp4").fingerprint
    (workspace.root / "cats/a.mp4").unlink()
    workspace.synchronize(believe=True)
    assert [move.number for move in workspace.store.journal.of(second)] == [2]


def test_what_was_taken_out_stays_rejected_when_another_video_of_that_name_comes(workspace: Workspace) -> None:
    workspace.take_in({"cats": {"a.mp4": b"one", "b.mp4": b"b"}})
    workspace.drag("cats/a.mp4", "a.mp4")
    workspace.synchronize()
    one = workspace.at("a.mp4").fingerprint
    assert workspace.store.files.rejections() == {one: frozenset({"cats"})}
    workspace.take_in({"cats": {"a.mp4": b"two"}})
    assert workspace.store.files.rejections()[one] == frozenset({"cats"})
