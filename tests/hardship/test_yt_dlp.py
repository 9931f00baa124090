"""The real yt-dlp downloads into a folder that a real service watches, from a server of our own.

It writes pictures and sound as files of their own, waits between them, and joins them in the end. What it has in hand
must stay where it is, unread; what it has made is filed.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import imageio_ffmpeg
import pytest
from support.films import film, sound_only
from support.served import served
from support.service import running
from support.words import library

from hardship.reading_service import READING

IDS = {
    "Puppy on the beach": ("1177720656306079v", "10155529878241509a"),  # as Facebook gives them
    "plain": ("137", "140"),
    "words": ("pics", "voice"),
}
WAYS = {
    "Puppy on the beach": ["--format", "bv+ba"],
    "plain": ["--format", "ba+bv"],  # the sound first
    "words": ["--format", "bv+ba", "--no-part"],
}
PAUSE = 1.0  # seconds before each track; the service takes what lies still for a fifth of that
PATIENCE = 60.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server with tracks of pictures, one for each download, and one of sound."""
    folder = tmp_path / "served"
    folder.mkdir()
    for number, title in enumerate(IDS):
        film(folder / f"{title}.mp4", seconds=3 + number)
    sound_only(folder / "a.m4a")
    with served(folder) as address:
        yield address


def download(server: str, title: str, videos: Path) -> subprocess.Popen[str]:
    """A download of two tracks, over a slow line."""
    pictures, sound = IDS[title]
    info = {
        "id": "10155529876156509", "title": title, "extractor": "facebook", "extractor_key": "Facebook",
        "_type": "video",
        "webpage_url": f"{server}/nothing",
        "formats": [
            {"format_id": pictures, "url": f"{server}/{quote(title)}.mp4", "ext": "mp4", "vcodec": "avc1",
             "acodec": "none", "protocol": "http", "height": 240},
            {"format_id": sound, "url": f"{server}/a.m4a", "ext": "m4a", "vcodec": "none", "acodec": "mp4a.40.2",
             "protocol": "http"},
        ],
    }  # fmt: skip
    described = videos.parent / f"{title}.json"
    described.write_text(json.dumps(info))
    options = ["--ignore-config", "--no-cache-dir", "--proxy", "", "--limit-rate", "20K", *WAYS[title]]
    options += ["--sleep-interval", str(PAUSE), "--ffmpeg-location", imageio_ffmpeg.get_ffmpeg_exe()]
    command = [sys.executable, "-m", "yt_dlp", *options, "--load-info-json", str(described)]
    return subprocess.Popen(command, cwd=videos, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_what_yt_dlp_has_in_hand_is_left_alone_and_what_it_has_made_is_filed(tmp_path: Path, server: str) -> None:
    config = library(tmp_path)
    videos = tmp_path / "videos"
    (videos / "film").mkdir()
    for number in range(3):
        film(videos / "film" / f"{number}.mp4", seconds=0.2 + number)
    with running(config, READING) as service:
        service.wait_for("trained", in_use=True)
        before = {line["path"] for line in service.events("read")}
        downloads = {title: download(server, title, videos) for title in IDS}
        for title, process in downloads.items():
            said, _ = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0, said
            assert f".f{IDS[title][0]}.mp4" in said, "it has kept its tracks apart"
            assert "Merging formats" in said
        made = {f"{title} [10155529876156509].mp4" for title in IDS}
        moved = {service.wait_for("moved", patience=PATIENCE)["path"] for _ in IDS}
        assert moved == made
        assert {line["path"] for line in service.events("read")} - before == made
        assert service.stop() == 0
    assert {path.name for path in videos.iterdir()} == {"cats", "dogs", "film"}
    assert {path.name for path in (videos / "film").iterdir()} == {"0.mp4", "1.mp4", "2.mp4", *made}
