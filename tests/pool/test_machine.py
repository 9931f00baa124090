"""A real machine, a real coordinator and their connection, as the daemon sees them."""

import signal
from pathlib import Path

from support.words import SPACE

from pool.machines import fingerprint, invitation, machine, said
from pool.talking import Home
from sorterd import __version__
from sorterd.features.settings import FeatureSettings
from sorterd.pool import messages
from sorterd.pool.control import CLIPS
from sorterd.pool.home.certificates import Certificates
from sorterd.pool.messages import PIECE
from sorterd.worker.report_messages import Extracted, JobDone

PREPARE = messages.Prepare(FeatureSettings(models="embedded"), SPACE, 1280, 60.0, False)


def pieces(job: int, content: bytes) -> list[messages.Piece]:
    starts = range(0, len(content), PIECE)
    name = fingerprint(content)
    return [messages.Piece(job, name, content[at : at + PIECE], at + PIECE >= len(content)) for at in starts]


def until_the_end(home: Home, number: int) -> list[object]:
    """What a machine says of a task, up to its end."""
    heard: list[object] = []
    while not isinstance(heard[-1] if heard else None, JobDone | messages.Lost):
        heard.append(said(home, number))
    return heard


def test_a_machine_joins_works_freezes_comes_back_and_is_dismissed(folder: Path, tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    here, sent = b"dogs 1 1\n", b"cats 1 1\n" + bytes(PIECE)
    (videos / "here.mp4").write_bytes(here)
    home = Home(folder)
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

            sources = (
                messages.Source(fingerprint(sent), b"sent.mp4", follows=True),
                messages.Source(fingerprint(here), b"here.mp4", follows=False),
                messages.Source("3" * 32, b"../here.mp4", follows=False),
                messages.Source("4" * 32, b"cut.mp4", follows=True),
            )
            cut = messages.Piece(1, "4" * 32, b"half", last=True)
            home.send(number, messages.Accepted(), messages.Task(1, sources), *pieces(1, sent), cut)
            heard = until_the_end(home, number)
            assert {one.transcript for one in heard if isinstance(one, Extracted)} == {"cats", "dogs"}
            lacking = {one.fingerprint[0]: one.reason for one in heard if isinstance(one, messages.Lacking)}
            assert set(lacking) == set("34")
            assert "is not a plain path inside" in lacking["3"]
            assert "did not arrive whole" in lacking["4"]
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
