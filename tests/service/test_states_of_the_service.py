"""What a running service tells systemd and its log while its disk comes and goes, and what signals do to it."""

import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.service import PATIENCE, Service, running, sorterd
from support.typed import asked

CONFIG = "videos: videos\nstate_dir: state\nlog: {format: json}\nfeatures: {models: embedded, whisper: off}\n"


class Systemd:
    """The end of the socket on which a service manager listens."""

    def __init__(self, folder: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self._socket.settimeout(PATIENCE)

    def hear(self, words: str) -> list[str]:
        """Return all messages up to the first with these words."""
        said: list[str] = []
        while not said or words not in said[-1]:
            said.append(self._socket.recv(4096).decode())
        return said

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    systemd = Systemd(tmp_path)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    yield systemd
    systemd.close()


@contextmanager
def started(config: Path) -> Iterator[Service]:
    with running(config) as service:
        service.wait_for("started")
        yield service


def test_a_disk_that_is_missing_at_the_start_is_waited_for_and_reported_once(config: Path, systemd: Systemd) -> None:
    with started(config) as service:
        assert systemd.hear("is not there")[0].startswith("READY=1\nSTATUS=waiting for the disk")
        (config.parent / "videos").mkdir()
        os.kill(service.pid, signal.SIGHUP)  # otherwise it would wait for its timer
        service.wait_for("the folder of videos is back")
        systemd.hear("STATUS=watching")
        (config.parent / "videos").rename(config.parent / "gone")
        os.kill(service.pid, signal.SIGHUP)
        systemd.hear("STATUS=waiting for the disk")
        assert service.stop() == 0
        systemd.hear("STOPPING=1")
        assert len(service.events("trouble")) == 2, "once each time"


def test_a_mistyped_folder_is_reported_at_once(config: Path) -> None:
    done = sorterd(config, "run")
    assert (done.returncode, "does not exist" in done.stderr) == (2, True)


def test_a_known_library_is_waited_for_also_without_a_service_manager(config: Path) -> None:
    (config.parent / "videos").mkdir()
    with started(config) as service:
        assert service.stop() == 0
    (config.parent / "videos").rmdir()
    with started(config) as service:
        assert "is not there" in service.wait_for("trouble")["reason"]
        assert service.stop() == 0


def test_a_changed_config_is_taken_over_and_a_wrong_one_is_not(config: Path, systemd: Systemd) -> None:
    (config.parent / "videos").mkdir()
    with started(config) as service:
        systemd.hear("READY=1")

        def reread(text: str) -> None:
            config.write_text(text)
            os.kill(service.pid, signal.SIGHUP)

        reread(CONFIG + "move: {threshold: 0.9}\n")
        changed = service.wait_for("the config was read again")["changed"]
        assert changed == ["move.threshold 0.85 -> 0.9"]
        service.wait_for("started", pid=service.pid)
        assert any(said.startswith("RELOADING=1\nMONOTONIC_USEC=") for said in systemd.hear("READY=1"))

        reread(CONFIG + "move: {treshold: 0.9}\n")
        wrong = "the config was read again and is wrong: going on with what it was"
        assert "move.threshold" in service.wait_for(wrong)["reason"]
        config.unlink()
        os.kill(service.pid, signal.SIGHUP)
        service.wait_for(wrong)
        reread(CONFIG + "move: {threshold: 0.9}\n")
        service.wait_for("the config was read again: nothing has changed")
        assert service.stop() == 0


def test_closing_the_terminal_ends_it_in_order(config: Path) -> None:
    (config.parent / "videos").mkdir()
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "sorterd", "--config", str(config), "run"]
    with subprocess.Popen(command, stdin=terminal, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        lines = iter(process.stderr.readline, "")
        assert any('"started"' in line for line in lines)
        process.send_signal(signal.SIGHUP)
        assert '"stopped"' in process.stderr.read()
    assert process.returncode == 0
    for end in (controller, terminal):
        os.close(end)


def test_a_process_that_ignores_hangups_goes_on(config: Path) -> None:
    (config.parent / "videos").mkdir()
    command = ["nohup", sys.executable, "-m", "sorterd", "--config", str(config), "run"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        lines = iter(process.stderr.readline, "")
        assert any('"started"' in line for line in lines)
        process.send_signal(signal.SIGHUP)
        process.terminate()
        rest = process.stderr.read()
    assert "read again" not in rest
    assert '"stopped"' in rest


def test_a_second_state_for_the_same_folder_is_refused_while_the_first_is_at_work(config: Path) -> None:
    (config.parent / "videos").mkdir()
    other = config.with_name("other.yaml")
    other.write_text(CONFIG.replace("state_dir: state", "state_dir: other-state"))
    with started(config) as service:
        for command in (["run"], ["run", "--once"], ["undo"]):
            refused = asked(other, *command).failed()
            assert f"process {service.pid}" in refused
            assert "with another state folder" in refused
        assert asked(other, "status").code == 0, "to ask is allowed"
        assert service.stop() == 0
    assert list((config.parent / "videos").iterdir()) == []
