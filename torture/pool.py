"""Kill, freeze and cut off each process of the pool before, during and after its work, and let wrong machines knock.

Each case is a service with two machines on this computer, in processes of their own with connections of their own.
Nothing may be lost, filed wrongly, or extracted again after it was recorded.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from support.outcome import Outcome
from support.service import Service, sorterd

from sorterd.library.fingerprint import fingerprint
from sorterd.pool import authority
from sorterd.pool.home.pool import EXPIRED
from sorterd.pool.invitation import invite, now_utc, revoke
from sorterd.store.store import Store
from torture import outsiders
from torture.options import Options
from torture.pool_programs import program
from torture.relay import Relay

VICTIMS = (
    *("child", "machine", "coordinator", "service", "frozen machine", "cut network", "expired certificate"),
    *outsiders.SENTENCES,
)
MOMENTS = ("before", "during", "after")
NAMES = ("cats", "dogs")
ARRIVALS = 36
EFFORT = 400_000  # rounds of a hash: some tenths of a second
PATIENCE = 240.0
FROZEN_SECONDS = 32.0  # longer than it takes to miss a machine
EXPIRES = timedelta(seconds=120)  # longer than it takes to begin


def pool(options: Options) -> Outcome:
    """Go through the matrix once, or as often as the scale says."""
    outcome = Outcome("pool", "kill, freeze, cut off and deceive the pool before, during and after its work")
    chance = random.Random(options.seed)
    cases = [(victim, moment) for victim in VICTIMS for moment in MOMENTS] * max(1, round(options.scale))
    cases = cases[: options.times(len(cases))] if options.scale < 1 else cases
    for number, (victim, moment) in enumerate(cases):
        folder = options.folder / str(number)
        folder.mkdir()
        case = Case(folder, chance)
        try:
            wrong = case.run(victim, moment)
        except TimeoutError as error:  # the other cases must still run
            wrong = [str(error)]
        finally:
            case.close()
        outcome.times += 1
        outcome.wrong += [f"{victim}, {moment}: {what}" for what in wrong]
        for what, times in case.counts.items():
            outcome.count(what, times)
        options.say(f"{victim}, {moment}: {'; '.join(wrong) or 'as it should be'} {dict(case.counts)}")
    return outcome


@dataclass(slots=True)
class Case:
    """One service, two machines, and some videos."""

    folder: Path
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    _relay: Relay | None = None
    _expires_at: float = 0.0
    _port: int = 0
    _services: list[Service] = field(default_factory=list)
    _machines: list[tuple[subprocess.Popen[bytes], Path]] = field(default_factory=list)

    def run(self, victim: str, moment: str) -> list[str]:
        """Return what was wrong."""
        self._lay_out()
        self._start_service()
        if victim == "cut network":
            self._relay = Relay(self._port)
        if victim == "expired certificate":
            self._expires_at = time.time() + EXPIRES.total_seconds()
        for name in ("one", "two"):
            self._start_machine(name)
        both = lambda status: sum(one["state"] == "helps" for one in status["pool"]["machines"]) == 2  # noqa: E731
        self._wait_for(both, "both machines help")
        if moment == "before":
            self._strike(victim)
            self._arrive()
        elif moment == "during":
            time.sleep(max(0.0, self._expires_at - time.time() - 1.0))
            self._arrive()
            self._wait_until_begun()
            self._strike(victim)
        else:
            self._arrive()
            self._wait_for(_has_filed(ARRIVALS), "all is done")
            self._strike(victim)
            self._arrive("later")
        self._wait_for(_has_filed(2 * ARRIVALS if moment == "after" else ARRIVALS), "all is done")
        self._wait_for(both, "both machines help again")
        if victim in outsiders.SENTENCES:
            self._wait_for(lambda _: self._said(outsiders.SENTENCES[victim]), "the sentence on it")
        return self._wrong()

    def close(self) -> None:
        """End all processes."""
        for process, _ in self._machines:
            process.kill()
            process.wait()
        if self._relay is not None:
            self._relay.close()
        for service in self._services:
            with suppress(ProcessLookupError):
                os.kill(service.pid, signal.SIGKILL)
            service.process.wait()

    def _lay_out(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        for name in NAMES:
            (self.folder / "videos" / name).mkdir(parents=True)
            for number in range(4):
                self._video(f"{name}/{number}.mp4", name)
        authority.make(self.folder / "state" / "pool", now=now_utc())
        (self.folder / "config.yaml").write_text(
            f"videos: {self.folder}/videos\nstate_dir: {self.folder}/state\nfeatures: {{models: embedded}}\n"
            "watch: {settle_seconds: 0.2}\nlog: {format: json}\nnotify: never\n"
            f"pool: {{listen: '127.0.0.1:{self._port}'}}\n"
        )

    def _video(self, path: str, word: str) -> None:
        content = f"{word} {self.chance.randrange(1 << 60)} {EFFORT}\n".encode() + self.chance.randbytes(20_000)
        (self.folder / "videos" / path).write_bytes(content)

    def _arrive(self, kind: str = "new") -> None:
        for number in range(ARRIVALS):
            self._video(f"{kind}{number}.mp4", NAMES[number % 2])

    def _start_service(self) -> None:
        self._services.append(Service(self.folder / "config.yaml", program("service")))

    def _start_machine(self, name: str, kind: str = "") -> None:
        """Start a machine, of an odd kind if any. The first one has the folder of videos, the others get bytes."""
        port = self._relay.port if self._relay is not None and name == "one" else self._port
        file, address = self.folder / f"{name}.invitation", f"tls://127.0.0.1:{port}"
        keys = self.folder / "state" / "pool"
        if kind == "stranger":
            keys = self.folder / "other"
            authority.make(keys, now=now_utc())
        if not file.exists():
            short = self._expires_at > time.time() and name == "one"
            at = now_utc() - timedelta(days=1) + EXPIRES if short else now_utc()
            content = invite(keys, name, address, now=at, days=1)
            if kind == "stranger":  # else it would not even try
                content = content.replace(*outsiders.homes(keys, self.folder / "state" / "pool"))
            file.write_bytes(content)
        log = self.folder / f"{name}.{len(self._machines)}.log"
        shared = [str(self.folder / "videos")] if name == "one" else []
        command = [*program(f"machine:{kind}"), str(file), address, str(self.folder / name), *shared]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        self._machines.append((process, log))

    def _strike(self, victim: str) -> None:
        self.counts["kills"] += 1
        machine, service = self._machines[0][0], self._services[-1]
        if victim == "child":
            for pid in _children(machine.pid):
                os.kill(pid, signal.SIGKILL)
        elif victim == "machine":
            machine.kill()
            machine.wait()
            self._start_machine("one")
        elif victim == "coordinator":
            for pid in _children(service.pid, b"sorterd.pool.coordinator"):
                os.kill(pid, signal.SIGKILL)
        elif victim == "service":
            os.kill(service.pid, signal.SIGKILL)
            service.process.wait()
            self._start_service()
        elif victim == "cut network":
            assert self._relay is not None
            self._relay.cut()
            time.sleep(FROZEN_SECONDS)
            self._relay.mend()
        elif victim == "expired certificate":
            self._wait_for(lambda _: self._said(EXPIRED), "the sentence on the expired invitation")
            machine.kill()
            machine.wait()
            revoke(self.folder / "state" / "pool", "one")
            (self.folder / "one.invitation").unlink()
            self._start_machine("one")
        elif victim in outsiders.SENTENCES:
            self._start_machine("three", victim)
        else:
            machine.send_signal(signal.SIGSTOP)
            time.sleep(FROZEN_SECONDS)
            machine.send_signal(signal.SIGCONT)

    def _said(self, sentence: str) -> bool:
        """Return whether the service has said it."""
        return any(sentence in str(line) for service in self._services for line in service.seen)

    def _wait_until_begun(self) -> None:
        """Wait until the machine that will be struck has begun with its first new video."""
        log, deadline = self._machines[0][1], time.monotonic() + PATIENCE
        before = log.read_text(errors="replace").count("begins ")
        while log.read_text(errors="replace").count("begins ") == before:
            if time.monotonic() > deadline:
                raise TimeoutError("the machine has begun nothing")
            time.sleep(0.02)

    def _wait_for(self, holds: Callable[[dict[str, Any]], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            said = sorterd(self.folder / "config.yaml", "status", "--json").stdout
            status = json.loads(said) if said else {}
            if status.get("pool") and holds(status):
                return
            time.sleep(1.0)
        told = {key: status.get(key) for key in ("queue", "inbox", "pool", "errors", "activity")}
        raise TimeoutError(f"not within {PATIENCE:g} s: {what}; {told}")

    def _wrong(self) -> list[str]:
        wrong = []
        videos = sorted((self.folder / "videos").rglob("*.mp4"))
        rounds = 2 if any(path.name.startswith("later") for path in videos) else 1
        if len(videos) != 8 + rounds * ARRIVALS:
            wrong.append(f"{len(videos)} videos are there")
        wrong += [f"{path.name} lies in {path.parent.name}" for path in videos if not _is_right(path)]
        begun: dict[str, list[float]] = {}
        lines = [line.get("line", "") for service in self._services for line in service.seen]
        for _, log in self._machines:
            lines += log.read_text(errors="replace").splitlines()
            self.counts["by machines"] += log.read_text(errors="replace").count("begins ")
        for line in lines:
            if line.startswith("begins "):
                name, at = line.removeprefix("begins ").rsplit(" ", 1)
                begun.setdefault(name, []).append(float(at))
        with closing(Store.open(self.folder / "state")) as store:
            for path in videos:
                name = fingerprint(path, lambda: False)
                row = store.connection.execute("SELECT at FROM features WHERE fingerprint = ?", (name,)).fetchone()
                if row is None:
                    wrong.append(f"{path.name} has no features")
                    continue
                again = sum(at > row[0] + 0.05 for at in begun.get(name, []))
                if again:
                    wrong.append(f"{path.name} was extracted again after it was recorded")
                self.counts["begun"] += len(begun.get(name, []))
        return wrong


def _has_filed(arrivals: int) -> Callable[[dict[str, Any]], bool]:
    """Return whether so many arrivals are filed, beside the eight that were there."""

    def holds(status: dict[str, Any]) -> bool:
        files = sum(sum(counts.values()) for counts in status["categories"].values())
        return bool(files == 8 + arrivals and status["inbox"] == 0 and status["queue"]["pending"] == 0)

    return holds


def _is_right(path: Path) -> bool:
    return path.read_bytes().split()[0].decode() == path.parent.name


def _children(parent: int, having: bytes = b"") -> list[int]:
    """Return the processes that this one has started, whose command has these words."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, IndexError):
                status = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(status[1]) == parent and having in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found
