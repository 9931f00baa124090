"""What home believes of a machine, and what becomes of its jobs."""

import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pool.machines import fingerprint
from sorterd import __version__
from sorterd.features.settings import FeatureSettings, FeatureSpace, extracted_modalities
from sorterd.pool import messages
from sorterd.pool.control import CLIPS
from sorterd.pool.home.remote import PipelineAtHome, Remote, Terms
from sorterd.pool.home.sending import MOST_SENT
from sorterd.pool.messages import LIMIT, TO_MACHINE
from sorterd.worker import wire
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.room import Room
from sorterd.worker.job_messages import Extract, Item
from sorterd.worker.report_messages import Described, Extracted, ExtractFailed, JobDone, Started

SPACE = FeatureSpace("space", extracted_modalities(2, 1), "embedded", "cpu")
VECTOR = struct.pack("<3f", 1, 0, 1)
DESCRIBED = Described(-1, "space", SPACE.modalities, "embedded", "cuda")


class RemoteHome:
    """A remote machine whose answers are written here."""

    def __init__(self, root: Path, *, shared: bool = True, may_send: bool = True) -> None:
        self.root, self.now = root, 0.0
        self.sent: list[Any] = []
        self.reports: list[Any] = []
        self.stays: list[str] = []
        self.refused: list[str] = []
        self.joined: list[str] = []
        self.controls: Mapping[str, bytes] = dict.fromkeys(CLIPS, VECTOR)
        self.terms = Terms(root, FeatureSettings(), SPACE, 60.0, pictures=False, may_send=may_send)
        self.shared = shared
        self.machine = Remote(
            "pc",
            PipelineAtHome(
                lambda: self.terms, self.reports.append, self.stays.append, lambda answer: answer(self.controls, "")
            ),
            self._send,
            ready=lambda: self.joined.append("pc"),
            refuse=self._refuse,
            clock=lambda: self.now,
        )

    def _send(self, frames: Iterable[bytes]) -> None:
        self.sent += [wire.decode_body(frame, TO_MACHINE, LIMIT) for frame in frames]

    def _refuse(self, reason: str, last: bytes) -> None:
        self.refused.append(reason)
        if last:
            self._send([last])

    def says(self, *messages: Any) -> None:
        for message in messages:
            self.machine.take(wire.encode_body(message, LIMIT))

    def shows(self, vector: bytes = VECTOR, described: Described = DESCRIBED) -> None:
        self.says(messages.Hello(__version__, self.shared))
        self.says(messages.ControlsExtracted(described, tuple(control(name, vector) for name in CLIPS)))

    def job(self, *contents: bytes, number: int = 1) -> list[str]:
        """Give it a job with these videos; return their fingerprints."""
        items = []
        for content in contents:
            path = self.root / f"{fingerprint(content)}.mp4"
            path.write_bytes(content)
            items.append(Item(fingerprint(content), os.fsencode(path)))
        self.machine.submit(Extract(number, tuple(items), "space", 3))
        return [item.fingerprint for item in items]


def control(name: str, vector: bytes = VECTOR) -> Extracted:
    return Extracted(-2, name, vector, "", "", "none")


def extracted(name: str, number: int = 1, **changes: Any) -> Extracted:
    return replace(Extracted(number, name, VECTOR, "words", "en", "speech"), **changes)


@pytest.fixture
def home(tmp_path: Path) -> RemoteHome:
    """One whose machine is accepted and has the folder of videos."""
    home = RemoteHome(tmp_path)
    home.shows()
    home.sent.clear()
    return home


def test_a_machine_that_makes_the_same_vectors_is_accepted(tmp_path: Path) -> None:
    home = RemoteHome(tmp_path)
    assert home.machine.room() == Room(0)
    home.shows()
    assert [type(message) for message in home.sent] == [messages.Prepare, messages.Accepted]
    assert (home.joined, home.machine.state, home.machine.device) == (["pc"], "working", "cuda")
    assert home.machine.room() == Room(2)


def test_another_version_is_told_so_by_both_numbers(tmp_path: Path) -> None:
    home = RemoteHome(tmp_path)
    home.says(messages.Hello("0.0.7\x1b[31m", shared=True))
    (told,) = home.sent
    assert told == messages.Dismissed(home.refused[0])
    assert "it has sorterd 0.0.7" in told.reason
    assert f"home has {__version__}: install the same version on both" in told.reason
    assert "\x1b" not in told.reason


def test_what_is_said_before_versions_are_known_is_the_same_in_all_versions() -> None:
    assert wire.encode_body(messages.Hello("1.0", shared=True), LIMIT) == b"\x93\xa5Hello\xa31.0\xc3"
    assert wire.encode_body(messages.Dismissed("no"), LIMIT) == b"\x92\xa9Dismissed\xa2no"


def test_other_vectors_mean_no_work_and_both_sides_know_why(tmp_path: Path) -> None:
    home = RemoteHome(tmp_path)
    home.shows(struct.pack("<3f", 1, 0.1, 1))
    assert home.sent[-1] == messages.Dismissed(home.refused[0])
    assert "pictures: cosine 0.9950, at least 0.999 is needed" in home.refused[0]
    assert (home.joined, home.machine.room()) == ([], Room(0))


def test_another_space_than_it_was_asked_for_is_a_lie(tmp_path: Path) -> None:
    for wrong in (replace(DESCRIBED, space="other"), replace(DESCRIBED, modalities=extracted_modalities(1, 2))):
        home = RemoteHome(tmp_path)
        home.shows(described=wrong)
        assert home.refused == ["it sent an invalid message: another feature space"]


def test_what_it_says_of_itself_is_passed_on_printable(tmp_path: Path) -> None:
    home = RemoteHome(tmp_path)
    home.says(messages.Hello(__version__, shared=True))
    home.says(messages.Unfit("no models\n\x1b[2J" + "x" * 9999))
    assert home.refused[0].startswith("no models")
    assert home.refused[0].isprintable()
    assert len(home.refused[0]) <= 300


def test_a_machine_without_the_folder_gets_nothing_where_nothing_may_be_sent(tmp_path: Path) -> None:
    home = RemoteHome(tmp_path, shared=False, may_send=False)
    home.shows()
    assert "it has no folder of videos (--videos), and pool.bytes is never" in home.refused[0]


def test_a_job_is_given_by_path_and_its_reports_are_passed_on(home: RemoteHome) -> None:
    one, other = home.job(b"one", b"other")
    assert home.sent == [
        messages.Task(
            1,
            (
                messages.Source(one, f"{one}.mp4".encode(), False),
                messages.Source(other, f"{other}.mp4".encode(), False),
            ),
        )
    ]
    reports = [
        Started(1, one),
        extracted(one),
        Started(1, other),
        ExtractFailed(1, other, "x", transient=False),
        JobDone(1),
    ]
    home.says(*reports)
    assert home.reports == reports
    home.says(JobDone(1))
    assert home.refused == ["it sent an invalid message: JobDone of a job that it does not have"]


HOSTILE = {
    "garbage": b"\xff" * 100,
    "a pickle": b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
    "a job": wire.encode_body(Extract(1, ()), LIMIT),
    "hello again": wire.encode_body(messages.Hello(__version__, shared=True), LIMIT),
    "shown again": wire.encode_body(messages.ControlsExtracted(DESCRIBED, ()), LIMIT),
    "a job of others": wire.encode_body(JobDone(2), LIMIT),
    "unanswered": wire.encode_body(JobDone(1), LIMIT),
    "not begun": wire.encode_body(extracted(fingerprint(b"one")), LIMIT),
    "lost without being begun": wire.encode_body(messages.Lost(1, (fingerprint(b"one"),), "x"), LIMIT),
    "lost in another job": wire.encode_body(messages.Lost(2, (), "x"), LIMIT),
    "lacking what was not asked": wire.encode_body(messages.Lacking(1, "0" * 32, "x"), LIMIT),
}


@pytest.mark.parametrize("frame", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_no_honest_machine_says_ends_the_connection_and_frees_its_jobs(home: RemoteHome, frame: bytes) -> None:
    home.job(b"one")
    home.machine.take(frame)
    assert home.refused[0].startswith("it sent an invalid message: ")
    (lost,) = home.reports
    assert (lost.job, lost.in_flight, lost.by_itself) == (1, (), False)
    home.says(JobDone(1))
    assert len(home.refused) == len(home.reports) == 1


@pytest.mark.parametrize("changes", [
    {"vector": struct.pack("<3f", 1, float("nan"), 1)}, {"vector": VECTOR[:8]}, {"audio": "loud"},
    {"language": "x" * 99}, {"poster": b"<script>"},
])  # fmt: skip
def test_values_are_checked_as_those_of_the_worker_at_home(home: RemoteHome, changes: dict[str, Any]) -> None:
    (one,) = home.job(b"one")
    home.says(Started(1, one), extracted(one, **changes))
    assert home.refused[0].startswith("it sent an invalid message: ")
    assert [type(report) for report in home.reports] == [Started, WorkerLost]


def test_a_video_that_breaks_its_worker_process_is_blamed_by_name(home: RemoteHome) -> None:
    one, other = home.job(b"one", b"other")
    home.says(Started(1, one), extracted(one), Started(1, other), messages.Lost(1, (other,), "crashed"))
    assert home.reports[-1] == WorkerLost(1, (other,), "crashed")
    assert home.reports[-1].by_itself
    assert home.machine.state == "working"


def test_its_own_trouble_blames_no_video(home: RemoteHome) -> None:
    home.job(b"one")
    home.says(messages.Lost(1, (), "could not be started"))
    assert home.reports == [WorkerLost(1, (), "cannot work: the worker could not be started")]
    assert not home.reports[0].by_itself


def test_a_machine_that_leaves_gives_all_its_jobs_back_once(home: RemoteHome) -> None:
    home.job(b"one", number=1)
    home.job(b"two", number=2)
    assert home.machine.leave("has left")
    assert [(report.job, report.reason) for report in home.reports] == [(1, "has left"), (2, "has left")]
    assert not home.machine.leave("has left")
    home.machine.submit(Extract(3, ()))
    assert home.reports[-1] == WorkerLost(3, (), "has gone")


def test_a_video_that_its_folder_lacks_is_sent_next_time_and_then_stays_at_home(home: RemoteHome) -> None:
    (one,) = home.job(b"one")
    home.says(messages.Lacking(1, one, "not there"), JobDone(1))
    assert home.reports == [JobDone(1)]
    assert home.stays == []
    home.job(b"one", number=2)
    assert home.sent[-3:] == [
        messages.Task(2, (messages.Source(one, f"{one}.mp4".encode(), True),)),
        messages.Piece(2, one, b"one", last=False),
        messages.Piece(2, one, b"", last=True),
    ]
    home.says(messages.Lacking(2, one, "did not arrive"), JobDone(2))
    assert home.stays == [one]


def test_what_is_too_large_or_may_not_be_sent_stays_at_home_at_once(home: RemoteHome, tmp_path: Path) -> None:
    (one,) = home.job(b"one")
    os.truncate(tmp_path / f"{one}.mp4", MOST_SENT + 1)
    home.says(messages.Lacking(1, one, "not there"), JobDone(1))
    other = RemoteHome(tmp_path, may_send=False)
    other.shows()
    (two,) = other.job(b"two")
    other.says(messages.Lacking(1, two, "not there"))
    assert home.stays + other.stays == [one, two]


def test_without_the_folder_at_most_64_mb_travel_in_a_task_and_the_rest_stays_in_the_queue(tmp_path: Path) -> None:
    home = RemoteHome(tmp_path, shared=False)
    home.shows()
    assert home.machine.room() == Room(2, MOST_SENT)
    names = []
    for number in range(3):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(b"%d" % number)
        os.truncate(path, MOST_SENT // 2 - 1)
        names.append(Item(f"{number}" * 32, os.fsencode(path)))
    sent: list[bytes] = []
    home.machine.send = sent.extend
    home.machine.submit(Extract(1, tuple(names), "space", 3))
    task = wire.decode_body(sent[0], TO_MACHINE, LIMIT)
    assert [source.fingerprint for source in task.sources] == ["0" * 32, "1" * 32]
    assert max(map(len, sent)) < LIMIT


@pytest.mark.parametrize("name", ["link.mp4", "out/secret", "pipe", "missing.mp4"])
def test_nothing_but_a_plain_file_beneath_the_folder_is_ever_sent(tmp_path: Path, name: str) -> None:
    root = tmp_path / "videos"
    root.mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "link.mp4").symlink_to(tmp_path / "secret")
    (root / "out").symlink_to(tmp_path)
    os.mkfifo(root / "pipe")
    home = RemoteHome(root, shared=False)
    home.shows()
    home.machine.submit(Extract(1, (Item("0" * 32, os.fsencode(root / name)),), "space", 3))
    assert home.sent[-1] == messages.Piece(1, "0" * 32, b"", last=True)
    assert isinstance(home.sent[-2], messages.Task)


def test_silence_on_one_video_is_noticed_and_a_waiting_job_is_not_blamed_for_the_first(home: RemoteHome) -> None:
    (one,) = home.job(b"one", number=1)
    home.job(b"two", number=2)
    home.says(Started(1, one))
    home.now = 100.0
    assert not home.machine.hangs()
    home.now = 121.0
    assert home.machine.hangs()
    home.says(extracted(one), JobDone(1))
    assert not home.machine.hangs()
