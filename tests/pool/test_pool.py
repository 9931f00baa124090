"""Which machines get work, and what is said of each: one sentence for every coming and going."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from pool.conftest import NOW
from pool.test_remote import DESCRIBED, SPACE, VECTOR, control
from sorterd import __version__
from sorterd.features.settings import FeatureSettings
from sorterd.pool import messages
from sorterd.pool.control import CLIPS
from sorterd.pool.home.certificates import Certificates
from sorterd.pool.home.link import Ended, Link
from sorterd.pool.home.pool import Pool
from sorterd.pool.home.remote import PipelineAtHome, Terms
from sorterd.pool.invitation import invite, read, revoke
from sorterd.pool.messages import LIMIT, TO_MACHINE
from sorterd.worker import wire
from sorterd.worker.job_messages import Extract

COPIED = "its invitation is used again, at 10.0.0.2: invite each machine by a name of its own"


class Gathering:
    """A pool whose connections and pipeline write down what they are told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, 1000.0
        self.sent: list[tuple[int, Any]] = []
        self.gone: list[int] = []
        self.team: dict[str, Any] = {}
        self.said: list[str] = []
        self.reports: list[Any] = []
        self.terms: Terms | None = Terms(folder, FeatureSettings(), SPACE, 60.0, pictures=False, may_send=True)
        self.pool = Pool(
            *(cast(Link, self), Certificates(folder), self.team.__setitem__),
            leave=lambda name: self.team.pop(name, None),
            home=PipelineAtHome(
                lambda: self.terms,
                self.reports.append,
                lambda _: None,
                lambda answer: answer(dict.fromkeys(CLIPS, VECTOR), ""),
            ),
            say=self.said.append,
            clock=lambda: self.now,
        )

    def send(self, machine: int, frames: Iterable[bytes]) -> None:
        self.sent += [(machine, wire.decode_body(frame, TO_MACHINE, LIMIT)) for frame in frames]

    def disconnect(self, machine: int, last: bytes = b"") -> None:
        self.send(machine, [last] if last else [])
        self.gone.append(machine)

    def forget(self, machine: int) -> None:
        pass

    def connects(self, machine: int, name: str) -> None:
        """A machine shows its invitation and says hello."""
        file = self.folder.parent / name
        if not file.exists():
            file.write_bytes(invite(self.folder, name, "nas", now=NOW))
        certificate = read(file, now=NOW).identity.certificate
        self.pool.take(
            messages.Joined(machine, "tls://10.0.0.2:5", certificate.public_bytes(Encoding.DER), until=2000.0)
        )
        self.says(machine, messages.Hello(__version__, shared=True))

    def joins(self, machine: int, name: str) -> None:
        self.connects(machine, name)
        self.says(machine, messages.ControlsExtracted(DESCRIBED, tuple(map(control, CLIPS))))

    def says(self, machine: int, message: Any) -> None:
        self.pool.take(messages.Passed(machine, wire.encode_body(message, LIMIT)))

    def states(self) -> dict[str, str]:
        return {line["name"]: line["state"] for line in self.pool.machines()}


@pytest.fixture
def gathering(folder: Path) -> Gathering:
    return Gathering(folder)


def test_a_machine_helps_leaves_and_comes_back(gathering: Gathering) -> None:
    gathering.joins(1, "pc")
    assert gathering.said == ["pc helps from now on, on cuda"]
    assert list(gathering.team) == ["pc"]
    assert gathering.states() == {"pc": "helps"}
    gathering.pool.take(messages.Left(1, silent=False))
    assert gathering.said[1:] == ["pc has left"]
    assert (gathering.team, gathering.states()) == ({}, {"pc": "has left"})
    gathering.joins(2, "pc")
    assert gathering.said[2:] == ["pc is back and helps again, on cuda"]


def test_one_that_falls_asleep_gives_its_jobs_back_and_they_tell_of_it(gathering: Gathering) -> None:
    gathering.joins(1, "laptop")
    gathering.team["laptop"].submit(Extract(7, (), "space", 3))
    gathering.pool.take(messages.Left(1, silent=True))
    assert [(lost.job, lost.reason) for lost in gathering.reports] == [(7, "has not answered for 20 s")]
    assert gathering.states() == {"laptop": "has not answered for 20 s"}
    assert len(gathering.said) == 1


def test_one_that_comes_back_before_it_was_missed_is_the_same_machine(gathering: Gathering) -> None:
    gathering.joins(1, "pc")
    gathering.team["pc"].submit(Extract(7, (), "space", 3))
    gathering.joins(2, "pc")
    assert gathering.gone == [1]
    # Read only by another machine that has a copy of the invitation.
    assert messages.Dismissed(COPIED) in [told for number, told in gathering.sent if number == 1]
    assert [lost.reason for lost in gathering.reports] == ["has connected again"]
    gathering.pool.take(messages.Left(1, silent=True))  # of the old connection
    assert gathering.states() == {"pc": "helps"}
    assert gathering.team["pc"].room().jobs == 2


def test_a_number_that_is_given_twice_leaves_no_job_behind(gathering: Gathering) -> None:
    gathering.joins(1, "pc")
    gathering.team["pc"].submit(Extract(7, (), "space", 3))
    gathering.joins(1, "laptop")
    assert [lost.job for lost in gathering.reports] == [7]
    assert gathering.states()["laptop"] == "helps"


def test_a_revoked_machine_is_told_so_and_sent_away(gathering: Gathering) -> None:
    gathering.connects(1, "pc")
    revoke(gathering.folder, "pc")
    for machine in (2, 3, 2):
        gathering.connects(machine, "pc")
    assert gathering.sent[-1] == (2, messages.Dismissed("this machine is not invited any more"))
    assert gathering.gone == [2, 3, 2]
    assert gathering.said.count(gathering.said[-1]) == 1
    assert gathering.said[-1] == "a machine whose invitation was revoked has tried to connect"


def test_a_machine_that_is_revoked_while_it_helps_is_cut_off(gathering: Gathering) -> None:
    gathering.joins(1, "pc")
    gathering.pool.turn()
    assert gathering.gone == []
    revoke(gathering.folder, "pc")
    gathering.pool.turn()
    gathering.pool.turn()
    assert (gathering.gone, gathering.team) == ([1], {})
    assert gathering.sent[-1] == (1, messages.Dismissed("this machine is not invited any more"))


def test_a_machine_whose_invitation_expires_while_it_helps_is_cut_off(gathering: Gathering) -> None:
    gathering.joins(1, "pc")
    gathering.now = 2000.0
    gathering.pool.turn()
    assert gathering.gone == []
    gathering.now = 2001.0
    gathering.pool.turn()
    assert (gathering.gone, gathering.team) == ([1], {})
    (line,) = gathering.pool.machines()
    assert (line["state"], line["device"]) == ("gets no work: its invitation has expired: invite it again", "")


def test_one_that_gets_no_work_is_named_with_the_reason_also_after_it_has_gone(gathering: Gathering) -> None:
    gathering.connects(1, "pc")
    gathering.says(1, messages.Unfit("its models cannot be used: none is here"))
    gathering.pool.take(messages.Left(1, silent=False))
    assert gathering.said == ["pc gets no work: its models cannot be used: none is here"]
    assert gathering.states() == {"pc": "gets no work: its models cannot be used: none is here"}
    assert gathering.gone == [1]


def test_one_that_asks_again_and_again_is_refused_in_one_sentence_until_it_helps(gathering: Gathering) -> None:
    for number in range(1, 60):
        gathering.connects(number, "pc")
        gathering.says(number, messages.Unfit("it has no models"))
        gathering.pool.take(messages.Left(number, silent=False))
        gathering.now += 60.0
    assert gathering.said == [
        "pc gets no work: it has no models",
        "pc connects too often: let in once in three minutes",
    ]
    gathering.now += 180.0
    gathering.joins(60, "pc")
    assert gathering.said[2:] == ["pc is back and helps again, on cuda"]


def test_until_home_knows_its_own_models_nobody_is_asked_for_anything(gathering: Gathering) -> None:
    terms, gathering.terms = gathering.terms, None
    gathering.connects(1, "pc")
    assert (gathering.sent, gathering.states()) == ([], {"pc": "loads its models"})
    gathering.terms = terms
    gathering.pool.turn()
    assert isinstance(gathering.sent[-1][1], messages.Prepare)


def test_a_coordinator_that_ends_takes_all_machines_with_it_until_the_next_one(gathering: Gathering) -> None:
    gathering.joins(1, "pc")
    gathering.pool.take(Ended("was killed"))
    problem = "other machines cannot connect: the process that they connect to was killed; it is started again"
    assert gathering.said[1:] == [problem, "pc is cut off; it connects again by itself"]
    assert (gathering.pool.problem, gathering.team) == (problem, {})
    gathering.pool.take(messages.Listening(8786))
    assert gathering.pool.problem == ""
    gathering.joins(1, "pc")
    assert gathering.states() == {"pc": "helps"}


def test_an_address_that_cannot_be_used_is_a_problem_that_is_shown(gathering: Gathering) -> None:
    for _ in range(9):  # it is tried again and again
        gathering.pool.take(messages.Failed("Address already in use"))
        gathering.pool.take(Ended("ended with exit code 0"))
    why = "other machines cannot connect: Address already in use; pool.listen in the config says where it listens"
    assert (gathering.said, gathering.pool.problem) == ([why], why)
    gathering.pool.take(messages.Listening(8786))
    assert gathering.pool.problem == ""


def test_strangers_are_told_of_once_each_and_not_without_end(gathering: Gathering) -> None:
    for host in [*range(5), *range(5), *range(500)]:
        gathering.pool.take(messages.Stranger(f"tls://10.0.0.{host}:9\x1b", "bad certificate\n"))
    assert len(gathering.said) == len(set(gathering.said)) == 20
    assert gathering.said[0] == "a machine at 10.0.0.0 was refused: it has no valid invitation (bad certificate\\n)"


def test_a_machine_that_keeps_connecting_cannot_fill_the_log_and_is_let_in_now_and_then(gathering: Gathering) -> None:
    for number in range(1, 1000):
        gathering.joins(number, "pc")
        gathering.pool.take(messages.Left(number, silent=False))
    assert len(gathering.said) == 41
    assert gathering.said[-1] == "pc connects too often: let in once in three minutes"
    assert gathering.states() == {"pc": "connects too often: let in once in three minutes"}
    gathering.joins(1000, "laptop")
    gathering.now += 180.0
    gathering.joins(1001, "pc")
    assert gathering.states() == {"laptop": "helps", "pc": "helps"}
    gathering.now = 0.0  # a clock that is set back keeps nobody out for longer
    gathering.joins(1002, "pc")
    gathering.now += 180.0
    gathering.joins(1003, "pc")
    assert gathering.gone[-2:] == [1002, 1001]


@pytest.mark.parametrize("message", [messages.Passed(9, b"x"), messages.Left(9, silent=True), messages.Passed(9, b"")])
def test_words_of_nobody_are_dropped(gathering: Gathering, message: Any) -> None:
    gathering.pool.take(message)
    assert (gathering.said, gathering.sent, gathering.states()) == ([], [], {})
