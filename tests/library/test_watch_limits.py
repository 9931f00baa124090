"""Where no events come: network folders, folders that may not be read, and limits of the kernel."""

import errno
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from support.disks import as_nobody
from support.tree import make

from library.watching import Hints, linux, started
from sorterd.library import watch
from sorterd.library.watch import Health, Watcher
from sorterd.library.watch_failed import WatchFailed


def test_polling_needs_no_threads_and_gives_no_hints(root: Path, hints: Hints) -> None:
    before = threading.active_count()
    with started(Watcher(root, hints, polling=True)) as watcher:
        assert (watcher.backend, watcher.health(), threading.active_count()) == ("polling", Health(True), before)
        (root / "new.mp4").touch()
        assert not hints.reach(1, 0.1)


def test_network_file_systems_are_polled(root: Path, hints: Hints, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "is_network", lambda _: True)
    assert Watcher(root, hints).backend == "polling"


@linux
def test_a_category_on_a_network_is_unwatched(watcher: Watcher, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "network_mounts_below", lambda _: [str(root / "cats")])
    health = watcher.health()
    assert (health.ok, health.unwatched) == (True, ("cats",))
    assert "no events come from cats" in health.reason


@linux
def test_a_folder_that_may_not_be_read_is_reported_as_unwatched(open_folder: Path, hints: Hints) -> None:
    make(open_folder, {"cats": {}, "private": {"deep": {}}})
    (open_folder / "private").chmod(0o700 if os.geteuid() == 0 else 0)
    watcher = Watcher(open_folder, hints)
    with as_nobody():
        watcher.start()
    health = watcher.health()
    watcher.stop()
    (open_folder / "private").chmod(0o700)
    assert (health.ok, health.unwatched) == (True, ("private",))
    assert health.reason.startswith(
        "no events come from private, which is looked at on a timer only: Permission denied"
    )


@linux
@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("max_inotify_instances", 0, "instances is reached"),
        ("max_inotify_watches", 0, "watches is reached"),
        ("max_inotify_watches", 3, "unwatched"),
    ],
)
def test_reached_limits_come_with_the_line_to_run(root: Path, limit: str, value: int, words: str) -> None:
    """In a separate user namespace, where limits can be set without affecting anybody else."""
    make(root, {"birds": {}, "dogs": {}, "fish": {}})
    script = f"""
        import sys
        from pathlib import Path
        Path("/proc/sys/user/{limit}").write_text("{value}")
        from sorterd.library.watch import Watcher, WatchLimit
        watcher = Watcher(Path(sys.argv[1]), lambda: None)
        try:
            watcher.start()
            health = watcher.health()
            print("unwatched", health.ok, len(health.unwatched), health.reason)
            watcher.stop()
        except WatchLimit as error:
            print(error)
    """
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-c", textwrap.dedent(script), str(root)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        pytest.skip("there is no unshare command here")
    if ran.returncode and "unshare" in ran.stderr:
        pytest.skip(f"user namespaces are not allowed here: {ran.stderr.strip()}")
    assert ran.returncode == 0, ran.stderr
    assert words in ran.stdout
    assert "sudo sysctl fs.inotify.max_user_" in ran.stdout
    if value:
        assert ran.stdout.startswith("unwatched True 3 ")  # the root and two of five folders got a watch


def test_a_watch_limit_is_only_about_limits(root: Path, hints: Hints, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Watcher) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Watcher, "_start_observer", refuse)
    watcher = Watcher(root, hints)
    with pytest.raises(WatchFailed, match="Permission denied") as caught:
        watcher.start()
    assert type(caught.value) is WatchFailed
    assert watcher.health() == Health(False, "not started")
