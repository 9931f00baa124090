"""Where the page is served, and as whom."""

import socket
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.workspace import Workspace

from sorterd.config import Config
from sorterd.web.actions import Actions
from sorterd.web.address import address_of
from sorterd.web.app import site
from sorterd.web.certificate import NAME, certificate
from sorterd.web.facts import places
from sorterd.web.guard import Access
from sorterd.web.library import PagedLibrary
from sorterd.web.server import CannotListen, listening, serving
from sorterd.web.session import Session

NOW = datetime.now(UTC)


@pytest.mark.parametrize("listen", ["", "localhost", "127.0.0.1", "::1", "[::1]", " "])
def test_without_a_setting_and_at_loopback_only_this_computer_is_asked(listen: str) -> None:
    address = address_of(listen)
    assert address.local
    assert "*" not in address.hosts


@pytest.mark.parametrize(
    ("listen", "host"), [("192.168.1.20", "192.168.1.20"), ("fe80::1", "[fe80::1]"), ("nas.lan", "nas.lan")]
)
def test_another_address_is_for_others(listen: str, host: str) -> None:
    address = address_of(listen)
    assert (address.local, address.host) == (False, host)


def test_all_addresses_are_called_by_one_that_others_can_use() -> None:
    assert address_of("0.0.0.0").host not in ("0.0.0.0", "")


def test_a_port_that_is_taken_is_said_to_be() -> None:
    with listening("127.0.0.1", 0) as first, pytest.raises(CannotListen, match="name another --port"):
        listening("127.0.0.1", first.getsockname()[1])


def test_an_address_of_another_computer_is_said_to_be() -> None:
    with pytest.raises(CannotListen, match=r"set web\.listen to an address of this computer"):
        listening("192.0.2.1", 0)
    with pytest.raises(CannotListen, match="cannot be listened at"):
        listening("x" * 70, 0)


def test_the_certificate_is_kept_for_its_owner_alone_and_while_it_is_valid(tmp_path: Path) -> None:
    first = certificate(tmp_path, {"192.168.1.20", "nas.local"}, now=NOW)
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert certificate(tmp_path, {"nas.local"}, now=NOW + timedelta(days=300)) == first
    assert certificate(tmp_path, {"nas.local"}, now=NOW + timedelta(days=350)) != first
    other = certificate(tmp_path, {"192.168.1.21"}, now=NOW)
    assert other != certificate(tmp_path, {"nas.local"}, now=NOW)


def test_a_damaged_certificate_is_made_again(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"-----BEGIN")
    assert len(certificate(tmp_path, {"localhost"}, now=NOW).fingerprint) == 32 * 3 - 1


def test_other_devices_are_answered_by_tls_and_with_a_cookie_for_tls_only(workspace: Workspace) -> None:
    config = Config(videos=workspace.root, state_dir=workspace.state)
    opened = listening("127.0.0.1", 0)
    access = Access(opened.getsockname()[1], address_of("127.0.0.1").hosts, "https")
    library = PagedLibrary(config, Session(), lambda: None)
    made = certificate(workspace.state, {"localhost"}, now=NOW)
    trusting = ssl.create_default_context(cafile=str(made.path))
    actions = Actions(lambda _: {}, lambda video: places(config, video))
    with (
        serving(site(library, actions, access), opened, made.path),
        socket.create_connection(("127.0.0.1", access.port), timeout=20) as plain,
        trusting.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        ask = f"GET /?token={access.token} HTTP/1.1\r\nHost: localhost:{access.port}\r\nConnection: close\r\n\r\n"
        connection.sendall(ask.encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 200")
    assert "; SameSite=Strict; Secure" in answer
