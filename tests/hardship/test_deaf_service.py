"""A real service that gets no more events, for whatever reason: it notices, helps itself or ends, and never looks well
meanwhile. It would look by itself only once an hour, so what is found is found by what is tested here."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.disks import dead_mount, drive
from support.service import Service, running
from support.words import drop, library

from hardship.frail_service import FRAIL
from sorterd.service.control import ask

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")
SELDOM = "settle_seconds: 0.1, rescan_seconds: 3600"
UNSHARE = ("unshare", "--user", "--map-root-user", "sh", "-c", 'echo 2 > /proc/sys/user/max_inotify_watches; exec "$@"')


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return library(tmp_path, SELDOM)


def is_sorted(service: Service, config: Path, number: int) -> bool:
    """Whether a video that is dropped now is found and filed."""
    drop(config.parent, "cats", number, f"{number}.mp4")
    return bool(service.wait_for("moved", path=f"{number}.mp4", patience=20)["folder"] == "cats")


def break_its_reader(service: Service) -> None:
    os.kill(service.pid, signal.SIGUSR1)
    service.wait_for("the next event is an error", patience=20)


def live(config: Path) -> dict[str, Any]:
    found: dict[str, Any] = ask(config.parent / "state", {"do": "status"}, 5)["live"]
    return found


def test_a_watcher_that_dies_is_repaired_once_and_then_the_service_ends_with_1(config: Path) -> None:
    with running(config, FRAIL) as service:
        service.wait_for("trained", in_use=True)
        break_its_reader(service)
        drop(config.parent, "cats", 8, "8.mp4")  # the event that it dies of
        assert "reader stopped" in service.wait_for("the watcher is repaired")["reason"]
        service.wait_for("moved", path="8.mp4")
        assert is_sorted(service, config, 9)
        assert service.becomes(partial(live, config), lambda said: said["watcher_healthy"])["watcher_reason"] == ""
        break_its_reader(service)
        drop(config.parent, "cats", 10, "10.mp4")
        assert service.process.wait(30) == 1
        service._reader.join(30)
    assert "died twice" in "".join(line["line"] for line in service.events("other"))


def test_events_that_the_system_dropped_are_made_up_for(config: Path) -> None:
    """While the service stands still, more happens than the kernel's queue holds; the last of it is a new video."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if limit > 50_000:
        pytest.skip("the queue of this machine is too long to fill quickly")
    with running(config, FRAIL) as service:
        service.wait_for("trained", in_use=True)
        os.kill(service.pid, signal.SIGSTOP)
        files = [config.parent / "videos/cats/0.mp4", config.parent / "videos/dogs/0.mp4"]
        for number in range(limit + 2_000):
            os.utime(files[number % 2])  # the same event twice in a row would be one
        drop(config.parent, "cats", 9, "9.mp4")
        os.kill(service.pid, signal.SIGCONT)
        service.wait_for("moved", path="9.mp4", patience=30)
        while not any("overflowed" in line["line"] for line in service.events("other")):
            service.wait_for("other", patience=30)  # it may be said after the move
        assert live(config)["watcher_healthy"]


def test_folders_for_which_there_are_no_watches_are_polled_and_that_is_unhealthy(config: Path) -> None:
    try:
        allowed = subprocess.run([*UNSHARE, "sh", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare command here")
    if allowed.returncode:
        pytest.skip(f"user namespaces are not allowed here: {os.fsdecode(allowed.stderr)}")
    with running(config, (*UNSHARE, "sh", *FRAIL)) as service:
        reason = service.wait_for("some folders send no hints")["reason"]
        assert "sudo sysctl fs.inotify.max_user_watches=" in reason
        service.wait_for("trained", in_use=True)
        said = live(config)
        assert (said["watcher_backend"], said["watcher_healthy"], said["watcher_reason"]) == ("inotify", False, reason)
        (config.parent / "videos/cats/0.mp4").rename(config.parent / "videos/dogs/moved.mp4")
        assert service.wait_for("noticed", patience=20)["what"] == "moved from cats to dogs"


def test_a_root_that_is_a_symlink_is_heard(config: Path) -> None:
    root = config.parent / "videos"
    root.symlink_to(root.rename(root.with_name("disk")))
    with running(config, FRAIL) as service:
        service.wait_for("trained", in_use=True)
        assert is_sorted(service, config, 9)


def test_polling_needs_no_events_at_all(tmp_path: Path) -> None:
    config = library(tmp_path, f"{SELDOM}, polling: true")
    with running(config, FRAIL) as service:
        service.wait_for("trained", in_use=True)
        said = live(config)
        assert (said["watcher_backend"], said["watcher_healthy"]) == ("polling", True)
        assert is_sorted(service, config, 9)


def test_a_root_that_is_replaced_by_an_empty_folder_teaches_nothing_and_may_come_back(config: Path) -> None:
    root = config.parent / "videos"
    with running(config, FRAIL) as service:
        service.wait_for("trained", in_use=True)
        root.rename(root.with_name("elsewhere"))
        root.mkdir()
        said = service.becomes(partial(live, config), lambda said: said["blocked"] is not None)
        assert "6 known videos are missing at once" in said["blocked"] or "is not there" in said["blocked"]
        root.rename(root.with_name("empty"))
        root.with_name("elsewhere").rename(root)
        service.becomes(partial(live, config), lambda said: said["blocked"] is None and said["watcher_healthy"])
        assert is_sorted(service, config, 9)
        assert not service.events("trained")[1:], "nothing was learned from it"
        assert {line["path"] for line in service.events("noticed")} == {"9.mp4"}


def test_a_drive_that_is_pulled_out_and_put_back_is_waited_for_and_heard_again(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    with drive(tmp_path / "image", tmp_path / "stick") as stick:
        config = tmp_path / "config.yaml"
        wanted = library(tmp_path / "stick", SELDOM).read_text()
        config.write_text(wanted.replace("videos: videos", "videos: stick/videos"))
        with running(config, FRAIL) as service:
            service.wait_for("trained", in_use=True)
            for number in (8, 9):
                stick.pull_out()
                assert "is not there" in service.wait_for("trouble")["reason"]
                said = service.becomes(partial(live, config), lambda said: said["blocked"] is not None)
                assert not said["watcher_healthy"]
                stick.plug_in()
                service.wait_for("the watcher is repaired")
                drop(tmp_path / "stick", "cats", number, f"{number}.mp4")
                service.wait_for("moved", path=f"{number}.mp4", patience=30)
            assert not service.events("trained")[1:]
            assert service.stop() == 0


def test_a_share_whose_server_goes_away_and_comes_back_is_waited_for(config: Path) -> None:
    with running(config, FRAIL) as service:
        service.wait_for("trained", in_use=True)
        with dead_mount(config.parent / "videos"):
            assert "Transport endpoint" in service.wait_for("trouble", patience=20)["reason"]
            assert not service.becomes(partial(live, config), lambda said: said["blocked"] is not None)[
                "watcher_healthy"
            ]
        assert is_sorted(service, config, 9)
        assert service.stop() == 0
