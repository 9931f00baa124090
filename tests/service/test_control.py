"""Commands talk to the daemon over a real Unix socket."""

import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from sorterd.service import control
from sorterd.service.control import (
    MAX_REQUEST,
    SOCKET_NAME,
    ControlLost,
    ControlServer,
    GivenUp,
    NoAnswer,
    NotRunning,
    ask,
)


def echo(request: dict[str, Any], _: GivenUp) -> Mapping[str, Any]:
    return {"you said": request}


@contextmanager
def connected(folder: Path) -> Iterator[socket.socket]:
    """Be a client that says whatever it wants, and waits five seconds for an answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(5)
        client.connect(str(folder / SOCKET_NAME))
        yield client


def test_a_request_is_answered_also_with_names_that_are_not_utf8(tmp_path: Path) -> None:
    with ControlServer(tmp_path, echo) as server:
        request = {"path": os.fsdecode(b"caf\xe9\n.mp4"), "n": [1, None, 0.5]}
        assert ask(tmp_path, request, 5) == {"you said": request}
        assert ask(tmp_path, {}, 5) == {"you said": {}}
        server.check()


def test_a_long_answer_arrives_whole(tmp_path: Path) -> None:
    with ControlServer(tmp_path, lambda request, _: {"errors": ["x" * 100] * request["n"]}):
        assert len(ask(tmp_path, {"n": 30_000}, 10)["errors"]) == 30_000


@pytest.mark.parametrize("length", [90, 107, 108, 300])
def test_it_works_however_long_the_path_of_the_folder_is(tmp_path: Path, length: int) -> None:
    folder = tmp_path
    while len(str(folder)) < length:
        folder = folder / ("d" * min(200, max(length - len(str(folder)) - 1, 1)))
    folder.mkdir(parents=True, exist_ok=True)
    with ControlServer(folder, echo):
        assert (folder / SOCKET_NAME).is_socket()
        assert ask(folder, {"a": 1}, 5) == {"you said": {"a": 1}}
    assert not (folder / SOCKET_NAME).exists()
    with pytest.raises(NotRunning):
        ask(folder, {}, 5)


def test_a_relative_long_path_works_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("d" * 150)
    folder.mkdir()
    with ControlServer(folder, echo):
        assert ask(folder, {}, 5) == {"you said": {}}


def test_only_the_owner_may_connect(tmp_path: Path) -> None:
    with ControlServer(tmp_path, echo):
        assert (tmp_path / SOCKET_NAME).stat().st_mode & 0o777 == 0o600


def test_no_socket_and_the_leftover_of_a_killed_daemon_both_mean_not_running(tmp_path: Path) -> None:
    with pytest.raises(NotRunning):
        ask(tmp_path / "none", {}, 5)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as leftover:
        leftover.bind(str(tmp_path / SOCKET_NAME))
    with pytest.raises(NotRunning):
        ask(tmp_path, {}, 5)
    with ControlServer(tmp_path, echo):
        assert ask(tmp_path, {}, 5) == {"you said": {}}


def test_a_file_that_is_no_socket_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / SOCKET_NAME).write_text("mine")
    with pytest.raises(OSError, match="in use"), ControlServer(tmp_path, echo):
        pass
    assert (tmp_path / SOCKET_NAME).read_text() == "mine"


def test_a_deleted_socket_is_noticed(tmp_path: Path) -> None:
    with ControlServer(tmp_path, echo) as server:
        (tmp_path / SOCKET_NAME).unlink()
        with pytest.raises(ControlLost, match="was deleted or replaced"):
            server.check()


def test_the_socket_of_another_service_in_its_place_is_noticed_and_left_alone(tmp_path: Path) -> None:
    with ControlServer(tmp_path, lambda *_: {"I am": "the second"}) as second, ExitStack() as earlier:
        (tmp_path / SOCKET_NAME).rename(tmp_path / "aside")
        first = earlier.enter_context(ControlServer(tmp_path, echo))
        (tmp_path / "aside").replace(tmp_path / SOCKET_NAME)
        with pytest.raises(ControlLost):
            first.check()
        earlier.close()
        second.check()
        assert ask(tmp_path, {}, 5) == {"I am": "the second"}


def test_a_daemon_that_hangs_gives_no_answer(tmp_path: Path) -> None:
    gate = threading.Event()

    def hang(request: dict[str, Any], _: GivenUp) -> Mapping[str, Any]:
        gate.wait()
        return request

    with ControlServer(tmp_path, hang):
        with pytest.raises(NoAnswer, match=r"within 0\.1 seconds"):
            ask(tmp_path, {}, 0.1)
        gate.set()


def test_a_command_that_was_interrupted_or_lost_patience_has_given_up(tmp_path: Path) -> None:
    seen: list[bool] = []
    asked, ended, done = threading.Event(), threading.Event(), threading.Event()

    def late(request: dict[str, Any], given_up: GivenUp) -> Mapping[str, Any]:
        seen.append(given_up())
        asked.set()
        ended.wait(5)
        seen.append(given_up())
        done.set()
        return request

    with ControlServer(tmp_path, late):
        with pytest.raises(NoAnswer):
            ask(tmp_path, {}, 0.3)
        assert asked.wait(5)
        ended.set()
        assert done.wait(5)
    assert seen == [False, True]


def test_a_request_that_fails_is_reported_and_the_next_one_answered(tmp_path: Path) -> None:
    with ControlServer(tmp_path, lambda request, _: {"half": 1 / request["n"], "set": {1} if request["n"] == 2 else 0}):
        with pytest.raises(NoAnswer, match="ZeroDivisionError"):
            ask(tmp_path, {"n": 0}, 5)
        with pytest.raises(NoAnswer, match="KeyError"):
            ask(tmp_path, {}, 5)
        with pytest.raises(NoAnswer, match="TypeError"):
            ask(tmp_path, {"n": 2}, 5)
        assert ask(tmp_path, {"n": 4}, 5)["half"] == 0.25


@pytest.mark.parametrize("line", [b"", b"{", b"not json\n", b"[1]\n", b"[" * 60_000 + b"\n", b"x" * (MAX_REQUEST + 9)])
def test_a_bad_client_does_no_harm(tmp_path: Path, line: bytes) -> None:
    with ControlServer(tmp_path, echo), connected(tmp_path) as client:
        client.sendall(line)
        client.shutdown(socket.SHUT_WR)
        answer = client.recv(1000)
        assert answer == b"" or b"not a JSON object" in answer
        assert ask(tmp_path, {}, 5) == {"you said": {}}


def test_a_request_that_waits_for_the_loop_does_not_delay_another(tmp_path: Path) -> None:
    """`sorterd status` is typed while `sorterd undo` waits for the loop, which reads a large file."""
    busy, asked = threading.Event(), threading.Event()

    def answer(request: dict[str, Any], _: GivenUp) -> Mapping[str, Any]:
        if request["do"] == "undo":
            asked.set()
            busy.wait(20)
        return {"did": request["do"]}

    with ControlServer(tmp_path, answer):
        undo = threading.Thread(target=ask, args=(tmp_path, {"do": "undo"}, 30))
        undo.start()
        assert asked.wait(5)
        try:
            assert ask(tmp_path, {"do": "status"}, 5) == {"did": "status"}
        finally:
            busy.set()
            undo.join()


def test_a_silent_client_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "CLIENT_SECONDS", 0.1)
    with ControlServer(tmp_path, echo), connected(tmp_path) as client:
        client.sendall(b"{")
        assert client.recv(1) == b""


def test_silent_clients_do_not_block_other_requests(tmp_path: Path) -> None:
    with ControlServer(tmp_path, echo), ExitStack() as silent:
        for _ in range(10):
            silent.enter_context(connected(tmp_path))
        assert ask(tmp_path, {}, 1) == {"you said": {}}


def test_more_clients_than_threads_are_turned_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "MOST_CLIENTS", 1)
    with ControlServer(tmp_path, echo), connected(tmp_path), pytest.raises(NoAnswer, match="gave no answer"):
        ask(tmp_path, {}, 1)


def test_a_client_that_dribbles_is_given_up_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "CLIENT_SECONDS", 0.3)
    enough = threading.Event()

    def dribble() -> None:
        with suppress(OSError):
            while not enough.wait(0.05):
                client.sendall(b"x")

    with ControlServer(tmp_path, echo), connected(tmp_path) as client:
        thread = threading.Thread(target=dribble)
        thread.start()
        try:
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""
        finally:
            enough.set()
            thread.join()


def test_a_request_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "CLIENT_SECONDS", 60.0)
    with ControlServer(tmp_path, echo), connected(tmp_path) as client:
        with suppress(BrokenPipeError):
            client.sendall(b"x" * (MAX_REQUEST + 9))
        with suppress(ConnectionResetError):
            assert client.recv(1000) == b""


def test_it_is_noticed_when_nobody_answers_any_more(tmp_path: Path) -> None:
    with ControlServer(tmp_path, echo) as server:
        server.check()
        server._wake.send(b"!")  # as an exception in its thread would
        server._thread.join()
        with pytest.raises(ControlLost, match="no longer answered"):
            server.check()
