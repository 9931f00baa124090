"""A disk that hangs at the start is waited for without being touched."""

import socket
from pathlib import Path

from sorterd.daemon.signals import Signals
from sorterd.daemon.silence import wait_for_answer
from sorterd.service.notify import Notifier


def test_it_is_ready_and_says_what_it_waits_for_until_the_disk_answers(tmp_path: Path) -> None:
    answers = iter([True, True, False])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        wait_for_answer(
            Path("/mnt/dead"),
            Signals(),
            Notifier(str(tmp_path / "notify")),
            silent=lambda _: next(answers),
            again=0.0,
        )
        said = [systemd.recv(4096).decode() for _ in range(3)]
    ready = "READY=1\nSTATUS=waiting for the disk: /mnt/dead does not answer"
    assert said == [ready, "WATCHDOG=1", "WATCHDOG=1"]


def test_it_can_be_ended_meanwhile() -> None:
    signals = Signals()

    def silent(_: Path) -> bool:
        signals.to_end = True
        return True

    wait_for_answer(Path("/mnt/dead"), signals, Notifier(None), silent=silent)


def test_a_folder_that_is_there_or_missing_is_not_waited_for(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        wait_for_answer(folder, Signals(), Notifier(None))
