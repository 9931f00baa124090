"""A file that cannot be played is refused with one sentence that says what it seems to be."""

import io
import os
import tarfile
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from support.films import film, sound_only

from features.odd_films import packed_again, sound_film
from sorterd.features.clip import read_clip
from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import PictureShape


def reason_of(path: Path) -> str:
    with pytest.raises(UnreadableVideo) as caught:
        read_clip(os.fsencode(path), 5, PictureShape(32), sound=True)
    assert not caught.value.transient
    return caught.value.reason


def archive(kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(out, "w") as file:
            file.writestr("a.txt", "dear diary")
    else:
        with tarfile.open(fileobj=out, mode=f"w:{kind}") as tar:  # type: ignore[call-overload]
            tar.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


def picture(codec: str, pixels: str) -> bytes:
    context = av.CodecContext.create(codec, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt, context.framerate = 64, 48, pixels, 1  # type: ignore[assignment]
    frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24").reformat(format=pixels)
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])


OTHERS = {
    "a web page": b"\n<!DOCTYPE html><html><body>This video is private</body></html>",
    "a web page with a comment": b"\xef\xbb\xbf<!-- x -->\n<html lang=en>",
    "text": b'{"error": "not found"}\n' * 3,
    "text in Greek, cut": ("βίντεο" * 999).encode()[:4097],
    "a playlist": b"#EXTM3U\n#EXTINF:2,\nother.ts\n",
    "a torrent": b"d8:announce35:udp://tracker.example:1337/announcee",
    "a document": b"%PDF-1.7\n" + bytes(range(256)),
    "a program": b"\x7fELF\x02\x01\x01" + bytes(range(200)),
    "an archive": archive("zip"),
    "an archive of another kind": archive("gz"),
    "an archive of a third kind": archive("xz"),
    "a picture": picture("png", "rgb24"),
    "a picture of another kind": picture("mjpeg", "yuvj420p"),
    "a picture of a phone": b"\0\0\0\x18ftypheic" + bytes(100),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_file_that_is_no_video_is_named_for_what_it_is(tmp_path: Path, what: str) -> None:
    (tmp_path / "a.mp4").write_bytes(OTHERS[what])
    kind = " ".join(what.split()[:2]).rstrip(",") if what.startswith("a") else "text"
    assert reason_of(tmp_path / "a.mp4").startswith(f"is not a video, but {kind}")


def test_a_file_of_zeros_was_never_filled(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(bytes(3_000_000))
    assert "only zeros" in reason_of(tmp_path / "a.mp4")
    (tmp_path / "b.mp4").write_bytes(bytes(3_000_000) + b"x")
    assert "no decoder recognises it" in reason_of(tmp_path / "b.mp4")


def test_a_download_that_was_cut_off_says_so(tmp_path: Path) -> None:
    whole = film(tmp_path / "a.mp4").read_bytes()
    (tmp_path / "a.mp4").write_bytes(whole[: len(whole) // 2])
    assert "index (moov) is missing" in reason_of(tmp_path / "a.mp4")
    for name in ("a.mkv", "a.avi", "a.flv"):
        codec = "mpeg4" if name == "a.avi" else "libx264"
        (tmp_path / name).write_bytes(film(tmp_path / name, codec=codec).read_bytes()[:40])
        reason = reason_of(tmp_path / name)
        assert "cut off" in reason or "has no picture" in reason, name


def test_random_bytes_are_of_no_known_kind(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\x01\x02" + np.random.default_rng(1).bytes(5000))
    assert reason_of(tmp_path / "a.mp4") == "is not a video, or is damaged: no decoder recognises it"


def test_sound_without_pictures_says_so_in_each_container(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mkv", "a.mov"):
        assert reason_of(sound_only(tmp_path / name)) == "has no picture (sound only)"


def test_a_video_without_any_frame_says_so(tmp_path: Path) -> None:
    assert "there are no pictures in it" in reason_of(sound_film(tmp_path / "a.mkv", video_seconds=0))


@pytest.mark.parametrize("_", range(8))
def test_an_encrypted_video_says_so(tmp_path: Path, _: int) -> None:
    """Each time: the key stream is random, and one of five decodes to pictures of nothing."""
    encryption = {
        "encryption_scheme": "cenc-aes-ctr",
        "encryption_key": "76a6c65c5ea762046bd749a2e632ccbb",
        "encryption_kid": "a7e61c373e219033c21091fa607bf3b8",
    }
    path = packed_again(film(tmp_path / "clear.mp4"), tmp_path / "a.mp4", options=encryption)
    assert "encrypted" in reason_of(path)
