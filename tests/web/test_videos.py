"""Which videos are sent, and which part of them."""

import os
from collections.abc import Iterator

import pytest
from support.workspace import Workspace

from sorterd.web.videos import Part, part_of
from web.shelf import Shelf
from web.visitor import Visitor, visiting

CONTENT = bytes(range(250))


@pytest.fixture
def visitor(workspace: Workspace) -> Iterator[Visitor]:
    shelf = Shelf(workspace)
    shelf.lay_out({"a b.mp4": CONTENT, "secret.txt": b"secret", "cats": {"tom.webm": b"tom", "nobody.mp4": b"nobody"}})
    with visiting(shelf.config) as visitor:
        yield visitor


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        (None, 0, 99),
        ("bytes=0-", 0, 99),
        ("bytes=10-19", 10, 19),
        ("bytes=90-1000", 90, 99),
        ("bytes=99-", 99, 99),
        ("bytes=-5", 95, 99),
        ("bytes=-500", 0, 99),
        ("bytes=0-1,5-6", 0, 99),  # several at once need not be answered
        ("bytes=-", 0, 99),
        ("lines=1-2", 0, 99),
        ("bytes=x-y", 0, 99),
    ],
)
def test_a_range_is_taken_at_its_word(wanted: str | None, first: int, last: int) -> None:
    assert part_of(100, wanted) == Part(first, last, 100)


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=5-2", "bytes=-0", "bytes=1000000000000000000000-"])
def test_a_range_that_is_not_there_has_no_part(wanted: str) -> None:
    assert part_of(100, wanted) is None


def test_an_empty_file_has_no_part() -> None:
    assert part_of(0, "bytes=0-") is None
    assert part_of(0, "bytes=-5") is None
    assert part_of(0, None) == Part(0, -1, 0)


def test_a_known_video_is_sent_whole_and_in_parts(visitor: Visitor, workspace: Workspace) -> None:
    path = f"/video/{workspace.content('a b.mp4')}"
    whole = visitor.ask("GET", path)
    assert (whole.status, whole.body) == (200, CONTENT)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = visitor.ask("GET", path, {"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, CONTENT[10:20])
    assert part.headers["Content-Range"] == "bytes 10-19/250"
    none = visitor.ask("GET", path, {"Range": "bytes=250-"})
    assert (none.status, none.headers["Content-Range"]) == (416, "bytes */250")
    head = visitor.ask("HEAD", path)
    assert (head.status, head.headers["Content-Length"], head.body) == (200, "250", b"")


def test_for_a_player_outside_it_comes_under_its_name(visitor: Visitor, workspace: Workspace) -> None:
    answer = visitor.ask("GET", f"/video/{workspace.content('a b.mp4')}?outside")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%20b.mp4"


def test_a_video_can_run_nothing_in_the_page(visitor: Visitor, workspace: Workspace) -> None:
    answer = visitor.ask("GET", f"/video/{workspace.content('a b.mp4')}")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


NAMES = (
    "", "secret.txt", "a%20b.mp4", "..%2fsecret.txt", "../secret.txt", "%2e%2e/secret.txt", "%00", "0" * 32,
    "/etc/passwd", "%2fetc%2fpasswd",
)  # fmt: skip


def test_there_is_no_way_to_name_a_file(visitor: Visitor) -> None:
    for name in NAMES:
        answer = visitor.ask("GET", f"/video/{name}")
        assert answer.status == 404, name
        assert b"secret" not in answer.body


def test_no_link_and_no_pipe_is_followed(visitor: Visitor, workspace: Workspace) -> None:
    video = workspace.content("cats/nobody.mp4")
    place = workspace.root / "cats" / "nobody.mp4"
    place.unlink()
    place.symlink_to(workspace.root / "secret.txt")
    assert visitor.ask("GET", f"/video/{video}").status == 404
    place.unlink()
    os.mkfifo(place)
    assert visitor.ask("GET", f"/video/{video}").status == 404
    place.unlink()
    (workspace.root / "cats").rename(workspace.root / "elsewhere")
    (workspace.root / "cats").symlink_to(workspace.root / "elsewhere")
    assert visitor.ask("GET", f"/video/{workspace.content('elsewhere/tom.webm')}").status == 404


def test_a_copy_is_sent_where_one_is_gone(visitor: Visitor, workspace: Workspace) -> None:
    video = workspace.content("a b.mp4")
    workspace.take_in({"a c.mp4": CONTENT})
    (workspace.root / "a b.mp4").unlink()
    assert visitor.ask("GET", f"/video/{video}").body == CONTENT
