"""Kill the service and its worker at random moments of a user's day and start them again, hundreds of times."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from support import records
from support.cheap_service import CHEAP
from support.clips import Clips, Samples, Texts
from support.comparison import compare
from support.disks import mounted
from support.ledger import Ledger
from support.outcome import Outcome
from support.records import Records
from support.service import REAL, Line, Service, ServiceFailed, run_once, sorterd
from support.user import User

from sorterd.service.lock import holder
from sorterd.store.journal_file import JOURNAL
from sorterd.store.store import DATABASE
from torture.options import Options
from torture.other_machines import OtherMachines

OTHER_DISK = "on another disk"
LOG = f"{DATABASE}-wal"
SEEN_AFTER = 1.0  # seconds from an action until a sync is sure to see it settled


@dataclass(frozen=True, slots=True)
class Day:
    """The parameters of one day: program, clips, how long a service lives, and how often the worker is killed instead.

    `filed` is how many videos lie in folders at first. `threshold` is the confidence from which a video is moved.
    `machines` is how many other machines help.
    """

    program: Sequence[str]
    clips: Clips
    longest: float
    pause: float
    most: int = 70
    worker_share: float = 0.25
    filed: int = 12
    threshold: float = 0.85
    machines: int = 0


def with_cheap_models(options: Options) -> Outcome:
    """Make at least 250 kills of the service, and many of its worker, with models that start at once."""
    outcome = Outcome("kills", "SIGKILL of the service at random instants of a user's day, cheap models")
    return _day(options, outcome, Day(CHEAP, Texts(), longest=2.0, pause=0.12), options.times(250))


def with_three_workers(options: Options) -> Outcome:
    """Make kills of the service while two other machines help it, and kill one of these now and then."""
    outcome = Outcome("kills-pool", "SIGKILL of the service and of the two machines that help it, cheap models")
    # A coordinator takes seconds to start, and machines to connect again; there must be something left for them then.
    day = Day(CHEAP, Texts(effort=600_000), longest=25.0, pause=0.12, machines=2)
    return _day(options, outcome, day, options.times(40))


def with_true_models(options: Options) -> Outcome:
    """Make some kills with the real models."""
    outcome = Outcome("kills-true", "SIGKILL of the service at random instants of a user's day, true models")
    # A model from so few clips would move nothing at the usual threshold.
    day = Day(REAL, Samples(), longest=25.0, pause=0.8, most=40, worker_share=0.2, filed=20, threshold=0.5)
    return _day(options, outcome, day, options.times(14))


def _day(options: Options, outcome: Outcome, day: Day, kills: int) -> Outcome:
    root, outside = options.folder / "videos", options.folder / "outside"
    config = options.folder / "config.yaml"
    machines = OtherMachines(options.folder, day.machines)
    config.write_text(
        machines.config + "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 0.3, rescan_seconds: 20}\n"
        "train: {debounce_seconds: 0.2}\nfeatures: {models: embedded, timeout_seconds: 60}\n"
        f"move: {{threshold: {day.threshold}}}\nlog: {{level: debug, format: json}}\n"
    )
    (root / OTHER_DISK).mkdir(parents=True)
    outside.mkdir()
    with machines, mounted("-t", "tmpfs", "-o", "size=512m", "tmpfs", at=root / OTHER_DISK) as reason:
        outcome.found["on two file systems"] = reason or "yes"
        day_long = _Killing(options, outcome, day, root, config, machines)
        day_long.until(kills, outside)
        finished = records.read(options.folder / "state")
        assert finished is not None
        day_long.nothing_twice(finished)
        if day.machines:
            outcome.count("videos begun by other machines", begun := machines.begun())
            outcome.wrong += [] if begun else ["the other machines have begun nothing"]
        compare(root, day_long.ledger, finished, outcome)
    return outcome


@dataclass(slots=True)
class _Killing:
    options: Options
    outcome: Outcome
    day: Day
    root: Path
    config: Path
    others: OtherMachines
    ledger: Ledger = field(default_factory=Ledger)
    syncs: list[float] = field(default_factory=list)  # when the syncs began, by the monotonic clock
    extracted: dict[str, float] = field(default_factory=dict)
    syncs_at_loss: int = 0

    def until(self, kills: int, outside: Path) -> None:
        """Run the whole day, until everything is at rest."""
        rng = random.Random(self.options.seed)
        user = self.user(outside, random.Random(rng.random()))
        thread = threading.Thread(target=user.live, name="user")
        thread.start()
        try:
            while self.outcome.times < kills and user.error is None:
                self.one_life(rng)
                if self.outcome.times % 25 == 0:
                    self.options.say(f"  {self.outcome.times} kills, {sum(self.ledger.done.values())} actions")
        finally:
            user.stopping.set()
            thread.join()
        if user.error is not None:
            raise user.error
        sorterd(self.config, "retry")  # videos that lost their worker wait for their next try
        final = run_once(self.config, self.day.program)
        if final.returncode:
            self.outcome.wrong.append(f"the last pass failed: {final.stdout[-500:]} {final.stderr[-500:]}")
        self.outcome.found["actions of the user"] = sum(self.ledger.done.values())
        self.options.say(f"  the user: {self.ledger.done}")

    def user(self, outside: Path, rng: random.Random) -> User:
        """Return the user of a new library in which some videos of each kind are filed."""
        user = User(
            root=self.root, config=self.config, outside=outside, clips=self.day.clips, ledger=self.ledger, rng=rng,
            rested=self.rested, pause=self.day.pause, most=self.day.most,
        )  # fmt: skip
        self.ledger.add_folder(OTHER_DISK)
        user.begin(self.day.filed)
        return user

    def rested(self, touched: float) -> bool:
        return bool(self.syncs) and self.syncs[-1] > touched + SEEN_AFTER

    def hear(self, line: Line) -> None:
        if line["event"] == "looked":
            self.syncs.append(time.monotonic() - float(line["seconds"]) - 0.05)

    def one_life(self, rng: random.Random) -> None:
        service = Service(self.config, self.day.program, hear=self.hear, keep_log=False)
        try:
            victim = self.wait_for_the_instant(service, rng)
            if victim is not None:
                self.kill_worker(service, victim)
                self.wait_for_the_instant(service, rng)
        except ServiceFailed:
            pass  # handled below: the process has ended
        if service.process.poll() is not None:
            self.ended_by_itself(service)
            return
        service.kill()
        self.outcome.times += 1
        self.read_records()
        self.lose_some_state(rng)
        threading.Event().wait(rng.choice([0.0, 0.0, 0.3]))

    def wait_for_the_instant(self, service: Service, rng: random.Random) -> int | None:
        """Wait for a random time, or until shortly after an event. Return the worker to kill, None for the service."""
        if rng.random() < 0.5:
            event = rng.choice(["moved", "moved", "progress", "noticed", "looked", "trained"])
            with suppress(ServiceFailed):
                service.wait_for(event, patience=self.day.longest)
            service.leave_alone(rng.random() * rng.choice([0.01, 0.05, 0.2]))
        else:
            service.leave_alone(rng.random() * self.day.longest)
        workers = service.workers() if rng.random() < self.day.worker_share else []
        return workers[0] if workers else None

    def kill_worker(self, service: Service, pid: int) -> None:
        self.others.kill_one()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.outcome.count("kills of the worker")
        service.leave_alone(0.3)  # the service must go on without its worker

    def ended_by_itself(self, service: Service) -> None:
        output = " ".join(line["line"] for line in service.seen)
        if "already running" in output:  # a command of the user holds the state folder now
            self.outcome.count("starts refused during a command")
        else:
            self.outcome.wrong.append(f"the service ended by itself: {output[-800:]}")
            self.outcome.times += 1

    def read_records(self) -> None:
        found = records.read(self.options.folder / "state")
        if found is not None:
            self.outcome.count("moves cut short", found.unfinished)
            self.nothing_twice(found)

    def lose_some_state(self, rng: random.Random) -> None:
        """Sometimes delete the database, its log or the journal with the kill.

        Never both the database and the journal: not before a sync has shown that the last loss was repaired.
        """
        state = self.options.folder / "state"
        lost = rng.choice([*([()] * 6), (DATABASE, LOG, f"{DATABASE}-shm"), (LOG,), (JOURNAL,)])
        if not lost or len(self.syncs) <= self.syncs_at_loss or holder(state) is not None:
            return  # also if a command of the user has the state open now
        self.syncs_at_loss = len(self.syncs)
        for name in lost:
            (state / name).unlink(missing_ok=True)
        if lost != (JOURNAL,):
            self.extracted.clear()
        self.outcome.count("databases, logs or journals lost")

    def nothing_twice(self, found: Records) -> None:
        """Check that what was extracted once is not extracted again."""
        self.outcome.count("extracted twice", 0)
        for video, at in found.extracted.items():
            if self.extracted.setdefault(video, at) != at:
                self.outcome.count("extracted twice")
                self.outcome.wrong.append(f"extracted twice: {video}")
        self.outcome.found["videos extracted"] = len(self.extracted)
        self.outcome.found["moves made"] = len([move for move in found.moves if move.step == "done"])
