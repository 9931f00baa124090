"""What a training has changed, in one sentence; and how far the user is."""

from sorterd.web.session import Session
from web.shelf import Shelf


def test_a_lesson_is_told_once_all_are_judged_again(shelf: Shelf) -> None:
    shelf.lay_out({"a.mp4": b"a", "b.mp4": b"b", "cats": {"tom.mp4": b"tom"}})
    shelf.train("1")
    for path in ("a.mp4", "b.mp4"):
        shelf.judge(path, {"cats": 0.5})
    session = Session()
    session.look(shelf.facts())
    shelf.train("2")
    shelf.judge("a.mp4", {"cats": 0.97}, move=True)
    session.look(shelf.facts())
    assert session.lessons == []
    shelf.judge("b.mp4", {"cats": 0.5})
    session.look(shelf.facts())
    session.look(shelf.facts())
    assert session.lessons == ["Learned: 1 more video can be moved by itself."]
    assert shelf.paged(session).progress()["lesson"] == session.lessons[-1]


def test_moves_count_from_the_opening_of_the_page_on(shelf: Shelf) -> None:
    shelf.lay_out({"a.mp4": b"a", "b.mp4": b"b", "cats": {"tom.mp4": b"tom"}})
    shelf.workspace.sort("a.mp4")
    session = Session()
    session.look(shelf.facts())
    shelf.workspace.sort("b.mp4")
    assert session.moved_by_sorterd(shelf.facts()) == 1
