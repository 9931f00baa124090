import errno
import os
import resource
import socket
import struct
from pathlib import Path

import av
import pytest
from support.films import film

from sorterd.features.clip import read_clip
from sorterd.features.container import UnreadableVideo, because, open_container
from sorterd.features.picture import PictureShape

SHAPE = PictureShape(32)


def reason_for(path: Path) -> UnreadableVideo:
    with pytest.raises(UnreadableVideo) as caught:
        read_clip(os.fsencode(path), 5, SHAPE, sound=True)
    return caught.value


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert reason_for(tmp_path / "a.mp4").reason == "is empty (0 bytes)"


def test_a_file_that_has_vanished_may_come_back(tmp_path: Path) -> None:
    caught = reason_for(tmp_path / "gone.mp4")
    assert (caught.reason, caught.transient) == ("has disappeared", True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4")
    path.chmod(0)
    caught = reason_for(path)
    assert (caught.reason, caught.transient) == ("cannot be read: permission denied", True)


def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    assert reason_for(tmp_path / "a.mp4").reason == "is not a regular file"


@pytest.mark.parametrize("side", [9_000, 20_000, 65_000])
def test_pictures_too_large_for_memory_are_refused_before_they_are_decoded(tmp_path: Path, side: int) -> None:
    screen = struct.pack("<6sHHBBB", b"GIF89a", side, side, 0x80, 0, 0) + bytes(6)
    image = b"\x21\xf9\x04\x00\x0a\x00\x00\x00" + struct.pack("<cHHHHB", b",", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    (tmp_path / "a.gif").write_bytes(screen + image * 2 + b";")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "too large" in reason_for(tmp_path / "a.gif").reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


def test_a_playlist_named_mp4_opens_no_other_file_and_no_connection(tmp_path: Path) -> None:
    film(tmp_path / "secret.ts")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        for target in ("secret.ts", f"http://127.0.0.1:{server.getsockname()[1]}/x.ts"):
            playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{target}\n#EXT-X-ENDLIST\n"
            (tmp_path / "a.mp4").write_text(playlist)
            assert "is not a video" in reason_for(tmp_path / "a.mp4").reason
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_disk_error_may_pass_and_a_damaged_file_does_not() -> None:
    assert because(av.error.FFmpegError(errno.EIO, "Input/output error")).transient
    assert not because(av.error.FFmpegError(errno.EPERM, "Operation not permitted")).transient


def test_any_name_that_the_disk_allows_can_be_opened(tmp_path: Path) -> None:
    plain = film(tmp_path / "plain.mp4")
    for name in (b"\xff\xfe invalid.mp4", b"new\nline.mp4", "ü\U0001f600.mp4".encode(), b"file:x.mp4", b"%d.mp4"):
        path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - pathlib takes no bytes
        os.link(plain, path)
        open_container(path).close()
