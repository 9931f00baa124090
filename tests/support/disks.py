"""Real other file systems, where the tests may mount."""

import ctypes
import errno
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(at: Path, size: str = "4m", options: str = "") -> Iterator[Path]:
    """A tmpfs of `size` mounted at the folder `at`; skip the test where mounting is not allowed."""
    with _or_skip("-t", "tmpfs", "-o", f"size={size}{options}", "tmpfs", at=at):
        yield at


@contextmanager
def bind_mount(folder: Path, at: Path) -> Iterator[Path]:
    """A folder mounted at another: one file system, but no rename from one mount to the other."""
    with _or_skip("--bind", str(folder), at=at):
        yield at


@contextmanager
def dead_mount(at: Path) -> Iterator[None]:
    """What is left of a file system in user space (sshfs, rclone, mergerfs) whose process has died: only ENOTCONN."""
    os.close(_served_by_nobody(at))
    try:
        with pytest.raises(OSError) as caught:
            at.lstat()
        assert caught.value.errno == errno.ENOTCONN
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


@contextmanager
def hanging_mount() -> Iterator[Path]:
    """A file system whose server takes every question and answers none: a process that asks waits.

    To be asked by other processes only, and not in a folder that pytest tidies up: this process would wait for itself.
    """
    at = Path(tempfile.mkdtemp(prefix="sorterd-hanging-"))
    device = _served_by_nobody(at)
    try:
        yield at
    finally:
        os.close(device)  # those who wait are told that it is gone
        subprocess.run(["umount", "-l", str(at)], check=True)
        at.rmdir()


def _served_by_nobody(at: Path) -> int:
    """Mount a file system in user space at `at`; the descriptor through which its server would be asked."""
    if os.geteuid() != 0 or not Path("/dev/fuse").exists():
        pytest.skip("only root can mount a file system, and this one needs FUSE")
    libc = ctypes.CDLL(None, use_errno=True)
    device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    if libc.mount(b"nobody", os.fsencode(at), b"fuse", 0, options):
        number = ctypes.get_errno()
        os.close(device)
        pytest.skip(f"mounting is not possible here: {os.strerror(number)}")
    return device


@contextmanager
def mounted(*what: str, at: Path) -> Iterator[str]:
    """Mount `what` (as for mount(8)) at the folder `at`; yield why that is not possible here, "" if it is mounted."""
    at.mkdir(exist_ok=True)
    reason = "only root can mount a file system" if os.geteuid() != 0 else ""
    if not reason:
        try:
            done = subprocess.run(["mount", *what, str(at)], capture_output=True, text=True, check=False)
            reason = f"mounting is not possible here: {done.stderr.strip()}" if done.returncode else ""
        except FileNotFoundError:
            reason = "there is no mount command here"
    try:
        yield reason
    finally:
        if not reason:
            subprocess.run(["umount", "-l", str(at)], check=True)


@contextmanager
def _or_skip(*what: str, at: Path) -> Iterator[Path]:
    with mounted(*what, at=at) as reason:
        if reason:
            pytest.skip(reason)
        yield at


class Drive:
    """A disk that can be pulled out and put back, with what is on it."""

    def __init__(self, image: Path, at: Path) -> None:
        self._image, self._at = image, at

    def plug_in(self) -> None:
        """Mount it."""
        subprocess.run(["mount", "-o", "loop", str(self._image), str(self._at)], capture_output=True, check=True)

    def pull_out(self) -> None:
        """Unmount it."""
        subprocess.run(["umount", str(self._at)], check=True)


@contextmanager
def drive(image: Path, at: Path) -> Iterator[Drive]:
    """A drive in the file `image`, mounted at the folder `at`; skip the test where that is not possible."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    at.mkdir(exist_ok=True)
    with image.open("wb") as file:
        file.truncate(4 << 20)
    found = Drive(image, at)
    try:
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], capture_output=True, check=True)
        found.plug_in()
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no drive can be made here: {error}")
    try:
        yield found
    finally:
        if at.is_mount():
            found.pull_out()


@contextmanager
def as_nobody() -> Iterator[None]:
    """For a while without root's power over permissions."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def remount_read_only(at: Path) -> None:
    """Make a disk of `small_disk` read-only."""
    subprocess.run(["mount", "-o", "remount,ro", str(at)], check=True)
