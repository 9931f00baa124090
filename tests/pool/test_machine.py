"""A real machine, a real coordinator and their connection, as the daemon sees them."""

import signal
import socket
from contextlib import suppress
from pathlib import Path

from support.words import SPACE

from pool.machines import fingerprint, invitation, machine, said
from pool.talking import Home
from sorterd import __version__
from sorterd.features.settings import FeatureSettings
from sorterd.pool import messages
from sorterd.pool.control import CLIPS
from sorterd.pool.home.certificates import Certificates
from sorterd.worker.report_messages import JobDone, Started

PREPARE = messages.Prepare(FeatureSettings(models="embedded"), SPACE, 1280, 60.0, False)
CONTENT = b"dogs 1 1\n"


def loopback() -> str:
    """The address of this computer, of IPv6 if it has that."""
    with suppress(OSError), socket.socket(socket.AF_INET6) as own:
        own.bind(("::1", 0))
        return "::1"
    return "127.0.0.1"


def test_a_machine_joins_works_freezes_comes_back_and_is_dismissed(folder: Path, tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    (videos / "here.mp4").write_bytes(CONTENT)
    home = Home(folder, host=loopback())
    try:
        address = home.opened()
        file = invitation(folder, "pc", address)
        with machine(file, address, tmp_path / "host", videos) as process:
            joined = home.heard(messages.Joined)
            assert Certificates(folder).name(joined.certificate) == "pc"
            number = joined.machine
            assert said(home, number) == messages.Hello(__version__, shared=True)
            home.send(number, PREPARE)
            shown = said(home, number)
            assert isinstance(shown, messages.ControlsExtracted)
            assert [one.fingerprint for one in shown.controls] == list(CLIPS)

            source = messages.Source(fingerprint(CONTENT), b"here.mp4", follows=False)
            home.send(number, messages.Accepted(), messages.Task(1, (source,)))
            assert isinstance(said(home, number), Started)
            assert said(home, number).transcript == "dogs"
            assert said(home, number) == JobDone(1)
            process.send_signal(signal.SIGSTOP)
            assert home.heard(messages.Left) == messages.Left(number, silent=True)
            process.send_signal(signal.SIGCONT)
            number = home.heard(messages.Joined).machine

            home.send(number, messages.Dismissed("it is too hot"))
            assert process.wait(30) == 1
            assert process.stdout is not None
            assert process.stdout.read().splitlines()[-1] == "it is too hot"
    finally:
        home.link.stop()
