"""Captions as the real download programs write them: yt-dlp and gallery-dl download from a server of our own."""

import base64
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from support.films import film
from support.served import served

from sorterd.captions.caption import Caption
from sorterd.captions.databases import databases_of
from sorterd.captions.export import MyfaveTTExport
from sorterd.captions.hashtags import Vocabulary
from sorterd.captions.read import read_caption
from sorterd.captions.source import CaptionSource, FileSeen, post_id
from sorterd.features.file_tags import file_tags
from sorterd.library.text_sidecars import text_sidecars

ID = "7301234567890123456"
DESCRIPTION = (
    "Three ways to throw a tall bowl without losing the centre of the clay on the wheel #pottery #wheelThrowing #fyp"
)
CAPTION = Caption(
    "Three ways to throw a tall bowl without losing the centre of the clay on the wheel",
    "jane.clay",
    ("pottery", "wheel throwing"),
)
TIKTOK = {
    # What yt-dlp's extractor for TikTok returns: the title is the description, cut.
    "id": ID, "title": DESCRIPTION[:69] + "...", "description": DESCRIPTION, "ext": "mp4",
    "extractor": "TikTok", "extractor_key": "TikTok", "_type": "video",
    "uploader": "jane.clay", "uploader_id": "6900000000000000000", "channel": "Jane and the clay",
    "uploader_url": "https://www.tiktok.com/@jane.clay",
    "webpage_url": f"https://www.tiktok.com/@jane.clay/video/{ID}",
    "track": "a song that is no caption", "artists": ["a singer who is no author"],
}  # fmt: skip
YOUTUBE = TIKTOK | {
    "id": "dQw4w9WgXcQ", "title": "Throwing a tall bowl", "description": "All of my tools are listed below.",
    "extractor": "youtube", "extractor_key": "Youtube", "tags": ["pottery", "stoneware clay"],
    "uploader": "Jane and the clay", "uploader_id": "@janeclay", "uploader_url": "https://www.youtube.com/@janeclay",
    "webpage_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
}  # fmt: skip
PATIENCE = 60

# The page is the only part of gallery-dl that is not used: what TikTok answers is given instead.
GALLERY_DL = """
import json, sys
import gallery_dl
from gallery_dl.extractor.tiktok import TiktokExtractor
answer = json.loads(sys.argv.pop())
TiktokExtractor._extract_rehydration_data = lambda self, url, *_, **__: answer
sys.exit(gallery_dl.main())
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with one short film."""
    folder = tmp_path_factory.mktemp("served")
    film(folder / "v.mp4", seconds=0.5)
    with served(folder) as address:
        yield address


def run(videos: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=videos, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr


def yt_dlp(videos: Path, server: str, info: dict[str, Any], *options: str) -> None:
    formats = [{"format_id": "0", "url": f"{server}/v.mp4", "ext": "mp4", "protocol": "http"}]
    described = videos.parent / "given.json"
    described.write_text(json.dumps(info | {"formats": formats}))
    fixed = ["--ignore-config", "--no-cache-dir", "--proxy", "", "--ffmpeg-location", imageio_ffmpeg.get_ffmpeg_exe()]
    run(videos, "-m", "yt_dlp", *fixed, *options, "--load-info-json", str(described))


def caption_of(videos: Path) -> Caption:
    """Return the caption of the only video in a folder, found and read as the service does."""
    names = sorted(path.name for path in videos.iterdir())
    (video,) = [name for name in names if name.endswith(".mp4")]
    others = [name for name in names if name != video]
    sidecars = [FileSeen(name, 0, 0) for name in text_sidecars(others, [video]).get(video, [])]
    databases = databases_of(videos) if post_id(video) else ()
    source = CaptionSource(video, tuple(sidecars), databases)
    return read_caption(os.fsencode(videos), source, MyfaveTTExport.read(databases), file_tags, Vocabulary())


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("options", "beside"),
    [
        (["--write-info-json"], ".info.json"),
        (["--write-info-json", "--write-description", "--embed-metadata"], ".info.json"),
        (["--embed-metadata"], None),
        (["--embed-metadata", "--output", "%(id)s.%(ext)s"], None),
    ],
)
def test_yt_dlp_keeps_captions_beside_and_in(videos: Path, server: str, options: list[str], beside: str | None) -> None:
    yt_dlp(videos, server, TIKTOK, *options)
    assert {path.name.partition("]")[2] for path in videos.iterdir()} >= ({beside} if beside else set())
    assert caption_of(videos) == CAPTION


def test_yt_dlp_s_description_is_read_by_itself(videos: Path, server: str) -> None:
    yt_dlp(videos, server, TIKTOK, "--write-description")
    assert caption_of(videos) == Caption(CAPTION.words, "", CAPTION.tags)


def test_yt_dlp_s_name_tells_when_nothing_else_does(videos: Path, server: str) -> None:
    yt_dlp(videos, server, TIKTOK)
    told = caption_of(videos)
    assert told.words.startswith("Three ways to throw a tall bowl without losing")
    assert (told.author, ID in told.text) == ("", False)


def test_a_title_that_is_no_beginning_of_the_description_comes_first(videos: Path, server: str) -> None:
    yt_dlp(videos, server, YOUTUBE, "--write-info-json")
    assert caption_of(videos).text == (
        "janeclay: Throwing a tall bowl. All of my tools are listed below. pottery, stoneware clay"
    )


def test_a_post_without_words_has_no_caption(videos: Path, server: str) -> None:
    silent = TIKTOK | {"title": f"TikTok video #{ID}", "description": ""}
    yt_dlp(videos, server, silent, "--write-info-json", "--write-description", "--output", "%(id)s.%(ext)s")
    assert caption_of(videos) == Caption()


def test_gallery_dl_s_metadata_of_tiktok_is_read(videos: Path, server: str) -> None:
    post = {
        "id": ID, "desc": DESCRIPTION, "createTime": "1700000000",
        "author": {"id": "69", "uniqueId": "jane.clay", "nickname": "Jane and the clay"},
        "challenges": [{"title": "pottery"}, {"title": "fyp"}],
        "music": {"title": "a song that is no caption", "authorName": "a singer who is no author"},
        "video": {"playAddr": f"{server}/v.mp4", "duration": 1, "width": 96, "height": 64, "format": "mp4"},
    }  # fmt: skip
    answer = {"webapp.video-detail": {"statusCode": 0, "itemInfo": {"itemStruct": post}}}
    options = ["--config-ignore", "--write-metadata", "--directory", str(videos), "-o", "audio=false"]
    address = f"https://www.tiktok.com/@jane.clay/video/{ID}"
    run(videos, "-c", GALLERY_DL, *options, address, json.dumps(answer))
    assert len(list(videos.glob("*.mp4.json"))) == 1
    assert caption_of(videos) == CAPTION


@pytest.mark.parametrize("inside", ["data/Likes/videos", "data/Favorites/videos", "data/Following/jane.clay/videos"])
@pytest.mark.parametrize("packed", [True, False])
def test_an_export_of_myfavett_is_read(tmp_path: Path, inside: str, packed: bool) -> None:
    databases = {
        ("db_texts", "dbvd"): {ID: DESCRIPTION, "7301234567890123999": "another one"},
        ("db_videos", "dbv"): {
            ID: {"authorId": "69", "createTime": 1700000000, "diggCount": 3, "playCount": 9, "audioId": "5", "size": 1}
        },
        ("db_authors", "dba"): {
            "69": {"uniqueIds": ["jane.clay", "jane.before"], "nicknames": ["Jane"], "followerCount": 7}
        },
        ("db_likes", "db"): {"schemaVersion": 5, "likes": {"officialList": [ID], "downloaded": [ID]}},
    }
    hidden = tmp_path / "data" / ".appdata"
    hidden.mkdir(parents=True)
    for (name, variable), value in databases.items():
        plain = json.dumps(value)
        text = base64.b64encode(gzip.compress(plain.encode())).decode() if packed else None
        statement = f'window.{variable}_base64="{text}";' if packed else f"window.{variable}={json.dumps(plain)};"
        (hidden / f"{name}.js").write_text(statement)
    videos = tmp_path / inside
    videos.mkdir(parents=True)
    film(videos / f"{ID}.mp4", seconds=0.2)
    assert caption_of(videos) == CAPTION
