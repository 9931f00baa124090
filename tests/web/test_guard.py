"""Who may ask the page. What other programs and other web sites would try."""

import json
from collections.abc import Iterator

import pytest
from support.workspace import Workspace

from sorterd.web.address import address_of
from sorterd.web.guard import Access
from web.shelf import Shelf
from web.visitor import Visitor, visiting


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("library")
    workspace = Workspace(folder / "videos", folder / "state")
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def served(workspace: Workspace) -> Iterator[Visitor]:
    shelf = Shelf(workspace)
    shelf.lay_out({"a.mp4": b"a", "cats": {"tom.mp4": b"tom"}})
    with visiting(shelf.config) as visitor:
        yield visitor


@pytest.fixture
def visitor(served: Visitor) -> Visitor:
    served.asked.clear()
    return served


def wish(workspace: Workspace) -> bytes:
    return json.dumps({"id": workspace.content("a.mp4"), "here": None, "folder": "cats"}).encode()


def test_the_printed_address_gives_a_cookie_that_no_script_and_no_other_site_gets(visitor: Visitor) -> None:
    answer = visitor.ask("GET", f"/?token={visitor.access.token}", {"Cookie": None})
    assert answer.status == 200
    assert visitor.access.token.encode() not in answer.body
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"sorterd-{visitor.access.port}=")
    assert cookie.endswith(f"; Path=/{visitor.access.path}/; HttpOnly; SameSite=Strict")
    assert visitor.access.token not in cookie
    assert f'content="0;url=/{visitor.access.path}/"'.encode() in answer.body


@pytest.mark.parametrize(
    "path", ["/", "/state", "/progress", "/static/review.js", "/video/1", "/?token=wrong", "/?token=", "/?token=%ff"]
)
@pytest.mark.parametrize("cookie", [None, "", "sorterd-1=x", "a=b; c", 'sorterd="'])
def test_without_token_and_cookie_nothing_is_told(visitor: Visitor, path: str, cookie: str | None) -> None:
    answer = visitor.ask("GET", path, {"Cookie": cookie})
    assert answer.status == 403
    assert b"a.mp4" not in answer.body


def test_the_cookie_opens_the_page(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/").status == 200
    assert visitor.ask("GET", "/state").json["counts"] == {"waiting": 1, "moved": 0, "misfiled": 0}


@pytest.mark.parametrize(
    "path", ["/", "/state", "/static/review.js", "//state", "/{path}", "/{path}x/state", "/{path}%00/", "/x/{path}/"]
)
def test_the_cookie_alone_opens_nothing(visitor: Visitor, workspace: Workspace, path: str) -> None:
    """Another server on this computer gets it from a browser that visits both, but not the path."""
    wrong = path.format(path=visitor.access.path)
    assert visitor.ask_at("GET", wrong).status == 403
    assert visitor.ask_at("POST", "/file", body=wish(workspace)).status == 403
    assert visitor.asked == []


def test_a_cookie_of_the_same_name_from_another_server_locks_nobody_out(visitor: Visitor) -> None:
    ours = visitor.known["Cookie"]
    for cookies in (f"{ours}; {visitor.access.cookie}=x", f"{visitor.access.cookie}=x; a=b; {ours}"):
        assert visitor.ask("GET", "/state", {"Cookie": cookies}).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""]
)
def test_a_name_that_leads_here_is_not_the_name_of_this_page(visitor: Visitor, host: str) -> None:
    answer = visitor.ask("GET", f"/?token={visitor.access.token}", {"Host": host.format(port=visitor.access.port)})
    assert answer.status == 421
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}"])
def test_the_names_of_this_computer_are(visitor: Visitor, host: str) -> None:
    assert visitor.ask("GET", "/", {"Host": host.format(port=visitor.access.port)}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": None},
        {"Cookie": None},
    ],
)
def test_other_pages_change_nothing(visitor: Visitor, workspace: Workspace, headers: dict[str, str | None]) -> None:
    assert visitor.ask("POST", "/file", headers, wish(workspace)).status == 403
    assert visitor.asked == []


def test_the_page_itself_can(visitor: Visitor, workspace: Workspace) -> None:
    answer = visitor.ask("POST", "/file", body=wish(workspace))
    assert (answer.status, answer.json) == (409, {"error": "not now"})
    content = workspace.content("a.mp4")
    asked = {"do": "file", "paths": ["a.mp4"], "folder": "cats", "new": False, "content": content}
    assert visitor.asked == [asked]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_there_are_no_other_ways_to_ask(visitor: Visitor, method: str) -> None:
    assert visitor.ask(method, "/file").status == 403


@pytest.mark.parametrize("path", ["/file", "/undo", "/confirm", "/retry"])
def test_nothing_is_changed_by_a_link(visitor: Visitor, path: str) -> None:
    assert visitor.ask("GET", path).status == 405


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{", b"\xff", b"[" * 30_000, b'{"id": 1}', b'{"id": "1", "here": 5, "folder": "x"}',
        b'{"id": "", "folder": "x"}', b'{"id": "1", "folder": ["x"]}', b'{"moves": [true], "id": "1"}',
        b'{"moves": [], "id": "1"}', b'{"videos": ["x"]}', b'{"videos": [{"id": "1"}]}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/file", "/undo", "/confirm", "/retry"])
def test_a_request_that_is_none_is_refused_and_asks_nothing(visitor: Visitor, path: str, body: bytes) -> None:
    assert visitor.ask("POST", path, body=body).status in (400, 409)
    assert visitor.asked == []


def test_too_long_a_request_is_not_read(visitor: Visitor) -> None:
    assert visitor.ask("POST", "/file", {"Content-Length": "100000"}).status == 403


def test_every_answer_keeps_itself_to_this_page(visitor: Visitor) -> None:
    for path in ("/", "/state", "/static/review.js", "/static/none", "/none"):
        headers = visitor.ask("GET", path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "server" not in headers


def test_secrets_are_in_no_representation() -> None:
    access = Access(1, ())
    assert access.token not in repr(access)
    assert access.secret not in repr(access)
    assert access.path not in repr(access)


def test_in_a_network_an_address_in_digits_is_ours_and_a_foreign_name_is_not() -> None:
    access = Access(8080, address_of("0.0.0.0").hosts)
    assert access.is_ours("192.168.1.5:8080")
    assert access.is_ours("[fe80::1]:8080")
    assert not access.is_ours("evil.example:8080")
    assert not access.is_ours("192.168.1.5.evil.example:8080")
