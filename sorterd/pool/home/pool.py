"""The machines that help: who is there, what is said of them, and which of them get work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sorterd.pool.home.certificates import Certificates
from sorterd.pool.home.link import TTL, Ended, Link, Taken
from sorterd.pool.home.remote import PipelineAtHome, Remote
from sorterd.pool.home.token_bucket import TokenBucket
from sorterd.pool.messages import LIMIT, Dismissed, Failed, Joined, Left, Listening, Passed, Stranger
from sorterd.text import printable
from sorterd.worker import wire

HELPS = "helps"
_STATES = {"preparing": "loads its models", "comparing": "is compared with this machine", "working": HELPS}
NOT_INVITED = "this machine is not invited any more"
EXPIRED = "its invitation has expired: invite it again"
ONE_EACH = "invite each machine by a name of its own"
LOOK_SECONDS = 5.0  # between two looks at whether a machine hangs or was revoked
_MOST_SAID = 20  # strangers that are told of in one run, and refusals of one machine
_ENTRIES, _ENTRY_SECONDS = 20, 180.0  # connections of a machine: so many at once, and one in so many seconds
TOO_OFTEN = "connects too often: let in once in three minutes"


@dataclass(slots=True)
class Seen:
    """What is known of a machine by its name. `at` is when it was last there, by the wall clock.

    `refused`: what was said of it since it last helped.
    """

    name: str
    state: str
    device: str
    at: float
    refused: set[str] = field(default_factory=set)
    entries: TokenBucket = field(default_factory=lambda: TokenBucket(_ENTRIES, _ENTRY_SECONDS))


@dataclass(slots=True)
class Pool:
    """Used on the loop's thread. `join` gives a machine videos to extract from now on, and `leave` nothing any more.

    `say` gets sentences for the log.
    """

    link: Link
    certificates: Certificates
    join: Callable[[str, Remote], None]
    leave: Callable[[str], None]
    home: PipelineAtHome
    say: Callable[[str], None]
    clock: Callable[[], float]
    problem: str = ""
    """Why no machine can connect, one sentence; "" if they can."""
    _cannot_listen: bool = False  # the coordinator has said why, and ends
    _machines: dict[int, Remote] = field(default_factory=dict)
    _shown: dict[int, Joined] = field(default_factory=dict)  # the certificate of each connection
    _seen: dict[str, Seen] = field(default_factory=dict)
    _strangers: set[str] = field(default_factory=set)

    def take(self, message: Taken) -> None:
        """Take what the coordinator says. Nothing of it is believed that a machine could not have said."""
        match message:
            case Listening():
                self.problem, self._cannot_listen = "", False
            case Failed(reason):
                self._cannot_listen = True
                self._in_the_way(f"{printable(reason)[:200]}; pool.listen in the config says where it listens")
            case Ended(reason):
                self._ended(reason)
            case Stranger(peer, reason):
                told = f"was refused: it has no valid invitation ({printable(reason)[:200]})"
                self._say_once(self._strangers, f"a machine at {_host(peer)} {told}", about=_host(peer))
            case Joined():
                self._joined(message)
            case Passed(machine, frame):
                if (remote := self._machines.get(machine)) is not None:
                    remote.take(frame)
            case Left(machine, silent):
                self.link.forget(machine)
                self._shown.pop(machine, None)
                if (remote := self._machines.pop(machine, None)) is not None:
                    self._left(remote, f"has not answered for {TTL:g} s" if silent else "has left")

    def turn(self) -> float | None:
        """Look after the machines. Return in how many seconds to come again, None if nothing is to be looked at."""
        for machine, remote in list(self._machines.items()):
            remote.prepare()
            if self.certificates.name(self._shown[machine].certificate) != remote.name:
                remote.dismiss(NOT_INVITED)
            elif self._shown[machine].until < self.clock():
                remote.dismiss(EXPIRED)
            elif remote.hangs():
                remote.dismiss("it has been silent for too long on one video")
        return LOOK_SECONDS if self._machines else None

    def machines(self) -> list[dict[str, Any]]:
        """Return a line on each machine that was there since the start, as plain values."""
        there = {remote.name: remote for remote in self._machines.values()}
        lines = []
        for seen in sorted(self._seen.values(), key=lambda seen: seen.name):
            remote = there.get(seen.name)
            if remote is not None and remote.state != "dismissed":
                seen.state, seen.at = _STATES.get(remote.state, "connects"), self.clock()
                seen.device = remote.device if seen.state == HELPS else ""
            lines.append({"name": seen.name, "state": seen.state, "device": seen.device, "last_seen": seen.at})
        return lines

    def _joined(self, joined: Joined) -> None:
        machine, name = joined.machine, self.certificates.name(joined.certificate)
        if name is None:
            self.link.disconnect(machine, wire.encode_body(Dismissed(NOT_INVITED), LIMIT))
            told = "a machine whose invitation was revoked has tried to connect"
            self._say_once(self._strangers, told, about=_host(joined.peer))
            return
        back = name in self._seen
        seen = self._seen.setdefault(name, Seen(name, "", "", 0.0))
        seen.at = self.clock()
        if not seen.entries.take(seen.at):
            self.link.disconnect(machine)
            seen.state = TOO_OFTEN
            self._say_once(seen.refused, f"{name} {TOO_OFTEN}")
            return
        for number, old in list(self._machines.items()):
            # It has come back before its old connection was noticed to be dead, and will never read the last word.
            if old.name == name or number == machine:
                del self._machines[number]
                last = Dismissed(f"its invitation is used again, at {_host(joined.peer)}: {ONE_EACH}")
                self.link.disconnect(number, wire.encode_body(last, LIMIT))
                self._left(old, "has connected again")
        seen.state = "connects"
        self._shown[machine] = joined
        self._machines[machine] = Remote(
            *(name, self.home),
            send=lambda frames: self.link.send(machine, frames),
            ready=lambda: self._ready(machine, back=back),
            refuse=lambda reason, last: self._dismissed(machine, reason, last),
        )

    def _ready(self, machine: int, *, back: bool) -> None:
        remote = self._machines[machine]
        self._seen[remote.name].refused.clear()
        self.join(remote.name, remote)
        self.say(f"{remote.name} {'is back and helps again' if back else 'helps from now on'}, on {remote.device}")

    def _dismissed(self, machine: int, reason: str, last: bytes) -> None:
        remote = self._machines[machine]
        self.leave(remote.name)
        seen = self._seen[remote.name]
        seen.state, seen.device = f"gets no work: {reason}", ""
        self._say_once(seen.refused, f"{remote.name} gets no work: {reason}")
        self.link.disconnect(machine, last)

    def _left(self, remote: Remote, reason: str) -> None:
        if remote.state == "dismissed":
            return
        seen = self._seen[remote.name]
        seen.state, seen.device, seen.at = reason, "", self.clock()
        had_work = remote.leave(reason)
        self.leave(remote.name)
        if not had_work:  # else its lost jobs tell of it
            self.say(f"{remote.name} {reason}")

    def _ended(self, reason: str) -> None:
        if not self._cannot_listen:
            self._in_the_way(f"the process that they connect to {printable(reason)[:200]}; it is started again")
        machines, self._machines = self._machines, {}
        self._shown.clear()
        for remote in machines.values():
            self._left(remote, "is cut off; it connects again by itself")

    def _in_the_way(self, reason: str) -> None:
        """Note why no machine can connect, and tell of it once, however often it is tried again."""
        told, self.problem = self.problem, f"other machines cannot connect: {reason}"
        if self.problem != told:
            self.say(self.problem)

    def _say_once(self, said: set[str], sentence: str, about: str = "") -> None:
        """Say a sentence, unless it was `said`. A machine that is not let in could fill the log otherwise."""
        if (about or sentence) not in said and len(said) < _MOST_SAID:
            said.add(about or sentence)
            self.say(sentence)


def _host(peer: str) -> str:
    return printable(peer.removeprefix("tls://").rpartition(":")[0])[:100]
