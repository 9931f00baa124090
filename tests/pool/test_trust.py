"""Who gets in: only machines that are invited, and what they say is never run."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from distributed.comm.core import connect, listen
from distributed.comm.tcp import TLSListener
from distributed.protocol.serialize import ToPickle, to_serialize
from distributed.security import Security

from pool.conftest import NOW
from pool.machines import invitation
from pool.talking import Home
from sorterd.pool import authority, engine
from sorterd.pool.authority import certificate_pem
from sorterd.pool.coordinator import bounds
from sorterd.pool.home.certificates import MACHINES, Certificates
from sorterd.pool.invitation import read
from sorterd.pool.machine.connection import NotTrusted, PoolWorker, Unreachable, check_trust
from sorterd.pool.messages import PIECE, Joined, Left, Passed, Stranger
from sorterd.pool_address import split


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trust") / "state" / "pool"
    authority.make(folder, now=NOW)
    return folder


@pytest.fixture(scope="module")
def home(place: Path) -> Iterator[Home]:
    home = Home(place)
    yield home
    home.link.stop()


@pytest.fixture(scope="module")
def address(home: Home) -> str:
    return home.opened()


def test_a_coordinator_that_waits_for_machines_hardly_uses_the_processor(home: Home, address: str) -> None:
    def awoken() -> int:
        text = Path(f"/proc/{home.link.pid}/status").read_text()
        return int(text.partition("\nvoluntary_ctxt_switches:")[2].split()[0])

    assert address
    before = awoken()
    time.sleep(0.3)  # it is what happens in this time that counts
    assert awoken() - before < 12  # 20 with Dask's own settings


def terms_of(place: Path, name: str, address: str) -> Security:
    """The terms of a machine that is invited by this name."""
    return engine.security(*read(invitation(place, name, address), now=NOW).pems)


async def connected(
    home: Home, place: Path, name: str, address: str, take: Callable[[bytes], None] = lambda _: None
) -> tuple[PoolWorker, int]:
    """A machine of this name, and the number of its connection."""
    worker = await PoolWorker(address, terms_of(place, name, address), place.parent / name, take)
    return worker, (await asyncio.to_thread(home.heard, Joined)).machine


def refusal(address: str, identity: bytes, trusted: bytes) -> str:
    """What a machine with these certificates is told."""
    terms = engine.security(identity.decode(), trusted.decode()).get_connection_args("worker")
    with pytest.raises(NotTrusted) as refused:
        asyncio.run(check_trust(address, terms["ssl_context"]))
    return str(refused.value)


def test_strangers_and_expired_certificates_are_refused(place: Path, home: Home, address: str, tmp_path: Path) -> None:
    trusted = certificate_pem(authority.load(place, authority.HOME).certificate)
    authority.make(tmp_path / "other", now=NOW)
    strangers = authority.load(tmp_path / "other", MACHINES)
    stranger = authority.issue(strangers, "pc", now=NOW, until=NOW + timedelta(days=1))
    machines = authority.load(place, MACHINES)
    expired = authority.issue(machines, "pc", now=NOW - timedelta(days=9), until=NOW - timedelta(days=1))
    for identity, why in ((stranger, "unknown ca"), (expired, "certificate expired")):
        told = refusal(address, identity.pem, trusted)
        assert why in told.replace("_", " ")
        assert "'sorterd pool invite NAME'" in told
        assert home.heard(Stranger).reason
    good = authority.issue(machines, "pc", now=NOW, until=NOW + timedelta(days=1))
    wrong_home = certificate_pem(authority.load(tmp_path / "other", authority.HOME).certificate)
    assert "is not the one that this invitation comes from" in refusal(address, good.pem, wrong_home)


def test_a_machine_cannot_pass_for_home_nor_home_for_a_machine(place: Path, home: Home, address: str) -> None:
    machines = authority.load(place, MACHINES)
    pretender = authority.issue(machines, "sorterd coordinator", now=NOW, until=NOW + timedelta(days=1), home=True)
    trusted = certificate_pem(authority.load(place, authority.HOME).certificate)
    assert "does not accept" in refusal(address, pretender.pem, trusted)  # made for serving, so it is no machine
    assert "does not accept" in refusal(address, authority.load(place, "coordinator.pem").pem, trusted)
    assert home.heard(Stranger)


def test_what_is_no_tls_gets_nowhere_and_what_is_not_there_is_said_to_be_unreachable(address: str) -> None:
    host, port = address.removeprefix("tls://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with suppress(ConnectionResetError):
            assert b"HTTP" not in plain.recv(1000)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tls://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable, match="cannot be reached"):
        asyncio.run(check_trust(nobody, ssl.create_default_context()))


def test_one_that_never_ends_its_handshake_is_cut_off(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TLSListener, "_prepare_stream", bounds.bounded_handshakes(lambda _peer, _reason: None))
    monkeypatch.setattr(bounds, "HANDSHAKE_SECONDS", 0.05)
    monkeypatch.setattr(bounds, "HANDSHAKES", 1)
    certificates = Certificates(place)
    terms = engine.security(certificates.identity(), certificates.machines()).get_listen_args("scheduler")

    async def story() -> list[bytes]:
        async with listen("tls://127.0.0.1:0", print, **terms) as listener:
            opened = [await asyncio.open_connection(*split(listener.contact_address)) for _ in range(3)]
            said = [await reader.read() for reader, _ in opened]
            for _, writer in opened:
                writer.transport.abort()
            return said

    assert asyncio.run(asyncio.wait_for(story(), 10)) == [b""] * 3


def test_a_machine_holds_few_connections_and_keeps_no_other_out(place: Path, address: str) -> None:
    contexts = [terms_of(place, name, address).get_connection_args("worker") for name in ("many", "one")]

    async def story() -> None:
        opened = []

        async def let_in(terms: dict[str, Any]) -> bool:
            reader, writer = await asyncio.open_connection(
                *split(address), ssl=terms["ssl_context"], server_hostname=""
            )
            opened.append(writer)
            return bool(await reader.read(1))

        first = [await let_in(contexts[0]) for _ in range(bounds.CONNECTIONS + 2)]
        assert first == [True] * bounds.CONNECTIONS + [False] * 2
        assert await let_in(contexts[1])
        opened[0].transport.abort()
        while not await let_in(contexts[0]):  # as soon as it is noticed that one has ended
            await asyncio.sleep(0.01)
        for writer in opened:
            writer.transport.abort()

    asyncio.run(asyncio.wait_for(story(), 10))


def test_a_machine_that_reads_nothing_is_sent_no_more_than_a_few_megabytes_and_keeps_no_other_waiting(
    place: Path, home: Home, address: str
) -> None:
    made: list[int] = []
    got: dict[str, list[int]] = {"slow": [], "quick": []}
    piece, pieces = bytes(PIECE), 150  # 39 MB

    def frames() -> Iterator[bytes]:
        for number in range(pieces):
            made.append(number)
            yield piece

    async def until(name: str, number: int) -> None:
        while len(got[name]) < number:
            await asyncio.sleep(0.01)

    with asyncio.Runner() as slow, asyncio.Runner() as quick:  # nothing is read while a loop does not run
        worker, number = slow.run(connected(home, place, "slow", address, lambda frame: got["slow"].append(len(frame))))
        other, second = quick.run(
            connected(home, place, "quick", address, lambda frame: got["quick"].append(len(frame)))
        )
        home.link.send(number, frames())
        home.link.send(second, [b"x"] * 3)
        quick.run(asyncio.wait_for(until("quick", 3), 30))
        assert 1 <= len(made) < 100  # a few megabytes more are in the buffers of the system
        slow.run(asyncio.wait_for(until("slow", pieces), 60))
        assert got["slow"] == [PIECE] * pieces
        quick.run(other.close(timeout=5))
        slow.run(worker.close(timeout=5))


def _is_of(number: int, message: Left | Passed) -> bool:
    return message.machine == number


class Bomb:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def __reduce__(self) -> Any:
        return Path.touch, (self._place,)


def test_pickles_of_any_kind_are_opened_nowhere(place: Path, home: Home, address: str, tmp_path: Path) -> None:
    mark = place / "scratch" / "opened"  # where the coordinator could write
    security = terms_of(place, "hostile", address)
    terms = security.get_connection_args("worker")

    def hostile() -> PoolWorker:
        return PoolWorker(address, security, tmp_path, lambda _: None)

    async def attack() -> None:
        for wrapped in (ToPickle(Bomb(mark)), to_serialize(Bomb(mark))):
            for message in (
                {"op": "task-finished", "key": "x", "result": wrapped},
                {"op": "task-erred", "key": "x", "exception": wrapped, "traceback": wrapped},
                {"op": "sorterd", "frame": wrapped},
            ):
                worker = await hostile()
                number = home.heard(Joined).machine
                worker.batched_send(message)
                worker.batched_send({"op": "sorterd", "frame": b"after it"})
                await asyncio.to_thread(home.heard, Left | Passed, partial(_is_of, number))
                await worker.close(timeout=5)
        for op in ("run_function", "register_scheduler_plugin", "register-client", "broadcast", "register-worker"):
            comm = await connect(address, **terms)
            await comm.write({"op": op, "function": ToPickle(Bomb(mark)), "plugin": b"x", "client": "x"})
            comm.abort()
        honest = await hostile()
        honest.send(b"hello")
        await asyncio.to_thread(home.heard, Passed, lambda passed: passed.frame == b"hello")
        await honest.close(timeout=5)

    pid = home.link.pid
    asyncio.run(asyncio.wait_for(attack(), 60))
    assert home.link.pid == pid
    assert not mark.exists()


def test_the_coordinator_is_confined(home: Home, address: str) -> None:
    assert address
    status = Path(f"/proc/{home.link.pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status


def test_no_machine_can_speak_for_another(place: Path, home: Home, address: str) -> None:
    async def story() -> None:
        honest, first = await connected(home, place, "honest", address)
        liar, second = await connected(home, place, "liar", address)
        liar.batched_send({"op": "sorterd", "frame": b"a lie", "worker": honest.address})
        said = await asyncio.to_thread(home.heard, Passed)
        assert (said.machine, said.frame) == (second, b"a lie")
        comm = await connect(address, **liar.security.get_connection_args("worker"))
        await comm.write({"op": "heartbeat_worker", "address": honest.address, "now": 0.0, "metrics": {}})
        assert await comm.read() == {"status": "missing"}
        comm.abort()
        honest.send(b"the truth")
        said = await asyncio.to_thread(home.heard, Passed)
        assert (said.machine, said.frame) == (first, b"the truth")
        for worker in (honest, liar):
            await worker.close(timeout=5)

    asyncio.run(asyncio.wait_for(story(), 60))


@pytest.mark.parametrize(
    "sent",
    [
        (1 << 26).to_bytes(8, "little"),  # a message without end
        (40).to_bytes(8, "little") + b"".join(one.to_bytes(8, "little") for one in (3, 8, 1 << 26, 8)) + bytes(8),
    ],
    ids=["a long message", "many buffers"],
)
def test_a_machine_makes_the_coordinator_hold_few_frames(place: Path, home: Home, address: str, sent: bytes) -> None:
    context = terms_of(place, f"long{len(sent)}", address).get_connection_args("worker")["ssl_context"]

    async def story() -> None:
        host, port = address.removeprefix("tls://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), ssl=context, server_hostname="")
        writer.write(sent + bytes(1000))
        while await reader.read(1000):  # its first word; the end after that
            pass
        writer.transport.abort()

    pid = home.link.pid
    asyncio.run(asyncio.wait_for(story(), 10))
    assert home.link.pid == pid
