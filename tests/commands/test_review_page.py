"""`review --web` as a command. The page itself is tested in tests/web."""

import socket
import stat
import sys
import webbrowser
from pathlib import Path
from threading import Event
from urllib.parse import urlparse

import pytest
from support.typed import typed

from commands.filed_library import Library
from sorterd.commands import review_page
from sorterd.commands.failure import CommandFailed
from sorterd.daemon.signals import heard
from sorterd.service.lock import StateLock
from sorterd.service.program import InstalledProgram, ProgramReplaced


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--web", "--json"], "choose one of them"),
        (["--port", "8080"], "add --web"),
        (["--no-open"], "add --web"),
        (["--while-used"], "add --web"),
    ],
)
def test_what_does_not_go_together_is_said(library: Library, arguments: list[str], says: str) -> None:
    assert says in library.type("review", *arguments).refused()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80.5"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert typed("review", "--web", f"--port={port}").code == 2


def test_a_port_that_is_taken_is_said_to_be_and_nothing_is_left_running(library: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, error = library.type("review", "--web", "--no-open", "--port", str(taken.getsockname()[1]))
    assert (code, "name another --port" in error) == (1, True)


@pytest.mark.parametrize("missing", ["uvicorn", "starlette", "jinja2"])
def test_without_the_extra_it_says_how_to_install_it(
    library: Library, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [name for name in sys.modules if name.startswith(("sorterd.web", "sorterd.report.web", missing))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert "pip install 'sorterd[web]'" in library.type("review", "--web", "--no-open").refused()


def test_a_file_that_only_its_owner_reads_leads_the_browser(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody can read the arguments of a process."""
    opened: list[tuple[str, str, int]] = []

    def open_browser(address: str) -> bool:
        path = Path(urlparse(address).path)
        opened.append((address, path.read_text(), stat.S_IMODE(path.stat().st_mode)))
        return True

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", open_browser)
    monkeypatch.setattr(review_page, "_until_ended", lambda *_: None)
    with StateLock(library.config.parent / "state"):  # a service runs
        out = library.type("review", "--web").done()
    token = out.strip().partition("?token=")[2]
    ((address, content, mode),) = opened
    assert token not in address
    assert token in content
    assert mode == 0o600
    assert not Path(urlparse(address).path).exists()


def test_without_a_desktop_no_terminal_browser_takes_over(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(webbrowser, "open", lambda _: pytest.fail("a browser was opened"))
    monkeypatch.setattr(review_page, "_until_ended", lambda *_: None)
    with StateLock(library.config.parent / "state"):
        code, out, _ = library.type("review", "--web")
    assert (code, out.count("\n")) == (0, 1)


def test_for_other_devices_it_is_encrypted_by_default(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_page, "_until_ended", lambda *_: None)
    for setting, scheme, fingerprint in (("", "https", True), (", insecure: true", "http", False)):
        before = library.config.read_text().partition("web:")[0]
        library.config.write_text(f"{before}web: {{listen: 0.0.0.0{setting}}}\n")
        with StateLock(library.config.parent / "state"):
            code, out, error = library.type("review", "--web", "--no-open")
        assert (code, out.startswith(f"{scheme}://")) == (0, True)
        assert ("SHA-256 fingerprint" in error) == fingerprint


def test_a_page_opened_by_a_click_ends_when_it_is_not_used(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_page, "UNUSED_SECONDS", 0.2)
    with StateLock(library.config.parent / "state"):
        assert library.type("review", "--web", "--no-open", "--while-used").done().startswith("http://127.0.0.1:")


def test_a_page_that_is_used_goes_on() -> None:
    asked = iter([0, 1, 1, 1])
    ended: list[int] = []
    with heard() as signals, review_page._ended_unused(lambda: next(asked), 0.01):
        over = Event()
        signals.listener = over.set
        assert over.wait(10)
        ended.append(next(asked, -1))
    assert ended == [-1], "two times without another request"


def test_no_page_outlives_the_program_or_what_it_shows(library: Library) -> None:
    """A click opened it, so nobody thinks of it when sorterd is updated or uninstalled."""
    state, program = library.config.parent / "state", library.config.with_name("program.py")
    program.write_text("0.1.0")
    installed = InstalledProgram(program)
    with pytest.raises(CommandFailed, match="was removed"):
        review_page._until_ended(state.with_name("removed"), installed)
    program.write_text("0.2.0")
    with pytest.raises(ProgramReplaced):
        review_page._until_ended(state, installed)
